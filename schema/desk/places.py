"""The places desk: grid cells are added, and found by a point."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import bad_fields
from schema.desk.moves import text_fault
from schema.geodesy import area
from schema.people import User
from schema.places import GridCell
from schema.rules.places import Ring, contains, is_point, read_cell_code, ring_fault
from schema.store import UnitOfWork


def add_cell(
    work: UnitOfWork,
    *,
    code: str,
    name: str,
    ring: Ring,
    worker: UUID | None = None,
    department: UUID | None = None,
) -> GridCell:
    """Add a grid cell; `ring` is [[lon, lat], …] in WGS-84 degrees. Raises Refused("bad-field"), naming every field."""
    wrong: dict[str, str] = {}
    try:
        code = str(read_cell_code(code))
        if work.session.get(GridCell, code) is not None:
            wrong["code"] = f"there is a grid cell {code} already"
    except ValueError as error:
        wrong["code"] = str(error)
    if why := text_fault(name, 1, 100):
        wrong["name"] = why
    if why := ring_fault(ring):
        wrong["ring"] = why
    if worker is not None:
        user = work.session.get(User, worker)
        if user is None or user.post != "worker":
            wrong["worker"] = "a grid worker is responsible for a cell"
    if wrong:
        raise bad_fields(wrong)
    cell = GridCell(
        code=code,
        name=name.strip(),
        ring=[[float(lon), float(lat)] for lon, lat in ring],
        area=round(area(ring), 1),
        worker=worker,
        department=department,
    )
    work.session.add(cell)
    work.session.flush()
    return cell


def cell_at(session: Session, lon: float, lat: float) -> GridCell | None:
    """The grid cell a point (WGS-84 degrees) lies in; None for a point in no cell, or none on Earth."""
    if not is_point(lon, lat):
        return None
    for cell in session.scalars(select(GridCell).order_by(GridCell.code)):
        if contains(cell.ring, lon, lat):
            return cell
    return None
