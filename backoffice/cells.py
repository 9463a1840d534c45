"""Grid cells as the case form shows them: a plain drawn map, a search by code or name, and who is responsible."""

import math
import textwrap
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.pinyin import letters
from schema.handsets import Duty
from schema.people import User
from schema.places import GridCell

WIDTH = 1000.0
MOST_DRAWN = 400
LETTER, LINE = 34.0, 36.0


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """One cell on the map: `points` an SVG polygon; `label` lines (text, x, y) that fit into it."""

    code: str
    name: str
    points: str
    label: list[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class CellMap:
    """Cells in a box `width` by `height`; lon = west + x / kx and lat = north - y / ky (WGS-84 degrees).

    `whole` is False when there are more cells than are drawn.
    """

    cells: list[DrawnCell]
    width: float
    height: float
    west: float
    north: float
    kx: float
    ky: float
    whole: bool


def cell_map(session: Session) -> CellMap | None:
    """The drawn map of the city's cells; None when there are none."""
    rows = session.scalars(select(GridCell).order_by(GridCell.code).limit(MOST_DRAWN + 1)).all()
    return draw([(row.code, row.name, row.ring) for row in rows[:MOST_DRAWN]], whole=len(rows) <= MOST_DRAWN)


def draw(cells: list[tuple[str, str, list[Any]]], *, whole: bool = True) -> CellMap | None:
    """Cells (code, name, ring in degrees) drawn at true proportions for their latitude."""
    points = [point for _, _, ring in cells for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    kx = WIDTH / max(east - west, 1e-9)
    ky = kx / math.cos(math.radians((south + north) / 2))
    drawn = []
    for code, name, ring in cells:
        at = [((lon - west) * kx, (north - lat) * ky) for lon, lat in ring]
        middle = (sum(x for x, _ in at) / len(at), sum(y for _, y in at) / len(at))
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        room = max(x for x, _ in at) - min(x for x, _ in at)
        drawn.append(DrawnCell(code, name, text, _label(name, room, middle)))
    return CellMap(drawn, WIDTH, round((north - south) * ky, 1), west, north, kx, ky, whole)


def _label(name: str, room: float, middle: tuple[float, float]) -> list[tuple[str, float, float]]:
    """The name in lines no wider than `room`, around the middle of the cell."""
    most = max(4, int(room / LETTER))
    lines = textwrap.wrap(name, most) if " " in name else []
    if not lines:
        rows = -(-len(name) // most)
        length = -(-len(name) // rows)
        lines = [name[i : i + length] for i in range(0, len(name), length)]
    top = middle[1] - LINE * (len(lines) - 1) / 2
    return [(line, round(middle[0], 1), round(top + LINE * i, 1)) for i, line in enumerate(lines)]


def search_cells(session: Session, words: str, limit: int = 20) -> list[dict[str, str]]:
    """Cells whose code begins with, or whose name contains, `words`; letters may be the name's pinyin."""
    wanted = words.strip()[:60]
    columns = select(GridCell.code, GridCell.name).order_by(GridCell.code)
    if wanted.isascii() and wanted.isalpha():
        # How a name is typed is in no column: a city's cells are looked through, their letters are kept.
        rows = (row for row in session.execute(columns) if spelled(row.name, wanted.lower()))
        return [{"code": row.code, "name": row.name} for row in islice(rows, limit)]
    if wanted:
        columns = columns.where(
            or_(
                GridCell.code.startswith(wanted, autoescape=True),
                GridCell.name.contains(wanted, autoescape=True),
            )
        )
    return [{"code": row.code, "name": row.name} for row in session.execute(columns.limit(limit))]


def spelled(name: str, typed: str) -> bool:
    """Whether a name has these letters, or a part of it is typed with them."""
    return typed in name.lower() or any(typed in way for way in letters(name))


def cell_code(session: Session, text: str) -> str:
    """The code meant by what somebody typed: a code, or the name of exactly one cell; else the text itself."""
    wanted = text.strip().partition(" ")[0] if text.strip()[:15].isdigit() else text.strip()
    named = session.scalars(select(GridCell.code).where(GridCell.name == wanted).limit(2)).all()
    return named[0] if len(named) == 1 else wanted


def workers(session: Session, cell: str) -> list[dict[str, Any]]:
    """Grid workers to send, the one of the cell first, then those on duty."""
    own: UUID | None = session.scalar(select(GridCell.worker).where(GridCell.code == cell))
    on_duty = set(session.scalars(select(Duty.worker).where(Duty.ended_at.is_(None))))
    there = select(User.id, User.name).where(User.post == "worker", User.active).order_by(User.name)
    rows = session.execute(there).all()
    people = [
        {"id": str(row.id), "name": row.name, "own": row.id == own, "on_duty": row.id in on_duty}
        for row in rows
    ]
    return sorted(people, key=lambda row: (not row["own"], not row["on_duty"], row["name"]))
