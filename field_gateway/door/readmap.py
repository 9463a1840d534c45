"""The area pack 地图包 of a worker: their grid cells and those beside them, open events there, things with a place.

A pack is drawn without a network. Degrees are WGS-84, to 0.00001 (a metre). Of an event it says what kind it is, where
and since when: no words of a citizen, and nothing of a confidential case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.rulebooks import categories
from schema.people import User
from schema.places import GridCell
from schema.registers import Register, RegisterRow
from schema.rules.lifecycle import RUNNING

MOST_CELLS, MOST_EVENTS, MOST_THINGS = 150, 400, 1500
BESIDE = 0.004
"""Degrees around the own cells that are in the pack too: about 400 metres."""
AROUND = 0.02
"""Degrees around a place, for who has no cells of their own."""
_DIGITS = 5
Box = tuple[float, float, float, float]
"""West, south, east, north."""


class Cell(Struct, frozen=True, omit_defaults=True):
    """A grid cell; `ring` [lon, lat, lon, lat, …]; `own`: the worker's; else whose it is."""

    code: str
    name: str
    ring: list[float]
    own: bool = False
    worker: str = ""


class Event(Struct, frozen=True, omit_defaults=True):
    """An open case with a place; `category` is a key of the pack's categories, "" none."""

    case_no: str
    kind: str
    state: str
    lon: float
    lat: float
    made: datetime
    category: str = ""
    own: bool = False
    due: datetime | None = None


class Thing(Struct, frozen=True):
    """A row of a register that has a place: a component of the city, a company."""

    register: str
    key: str
    title: str
    lon: float
    lat: float


class Pack(Struct, frozen=True):
    """The pack. `categories` and `registers`: names by language, of what is in it; `more`: not all fits."""

    box: Box
    cells: list[Cell]
    events: list[Event]
    things: list[Thing]
    categories: dict[str, dict[str, str]]
    registers: dict[str, dict[str, str]]
    more: bool


def area_pack(
    session: Session, worker: UUID, *, lon: float | None = None, lat: float | None = None
) -> Pack | None:
    """The pack of a worker; around a place for who has no cells; None when there is nothing to draw."""
    cells = list(session.scalars(select(GridCell).order_by(GridCell.code)))
    user = session.get_one(User, worker)
    own = [one for one in cells if one.worker == worker]
    if not own and user.department is not None:
        own = [one for one in cells if one.department == user.department]
    if own:
        box = _wider(_box([point for one in own for point in one.ring]), BESIDE)
    elif lon is not None and lat is not None:
        box = (lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND)
    elif cells:
        box = _box([point for one in cells[:MOST_CELLS] for point in one.ring])
    else:
        return None
    mine = {one.code for one in own}
    near = [one for one in cells if one.code in mine or _touch(box, _box(one.ring))]
    near.sort(key=lambda one: one.code not in mine)
    events, more_events = _events(session, worker, box)
    things, more_things = _things(session, box)
    book = categories(session)
    return Pack(
        box=_rounded(box),
        cells=_cells(session, near[:MOST_CELLS], worker),
        events=events,
        things=things,
        categories={
            code: dict(book.by_code[code].names)
            for code in sorted({one.category for one in events if one.category in book.by_code})
        },
        registers=_names(session, {one.register for one in things}),
        more=more_events or more_things or len(near) > MOST_CELLS,
    )


def _cells(session: Session, cells: Sequence[GridCell], worker: UUID) -> list[Cell]:
    whose = {one.worker for one in cells if one.worker not in (None, worker)}
    people = select(User.id, User.name).where(User.id.in_(whose))
    names: dict[UUID | None, str] = {id: name for id, name in session.execute(people)}
    return [
        Cell(
            one.code, one.name, [round(float(part), _DIGITS) for point in one.ring for part in point],
            one.worker == worker, names.get(one.worker, ""),
        )
        for one in cells
    ]  # fmt: skip


def _events(session: Session, worker: UUID, box: Box) -> tuple[list[Event], bool]:
    west, south, east, north = box
    query = (
        select(Case)
        .where(
            Case.state.in_(RUNNING), Case.confidential.is_(False), Case.lon.between(west, east),
            Case.lat.between(south, north),
        )
        .order_by(Case.made_at.desc(), Case.id)
        .limit(MOST_EVENTS + 1)
    )  # fmt: skip
    rows = list(session.scalars(query))
    return [
        Event(
            row.case_no, row.kind, row.state, round(row.lon, _DIGITS), round(row.lat, _DIGITS), row.made_at,
            row.category, row.worker == worker, row.due_at,
        )
        for row in rows[:MOST_EVENTS]
        if row.lon is not None and row.lat is not None
    ], len(rows) > MOST_EVENTS  # fmt: skip


def _things(session: Session, box: Box) -> tuple[list[Thing], bool]:
    west, south, east, north = box
    query = (
        select(RegisterRow)
        .join(Register, Register.name == RegisterRow.register)
        .where(
            Register.closed_at.is_(None), RegisterRow.until.is_(None), RegisterRow.lon.between(west, east),
            RegisterRow.lat.between(south, north),
        )
        .order_by(RegisterRow.register, RegisterRow.key)
        .limit(MOST_THINGS + 1)
    )  # fmt: skip
    rows = list(session.scalars(query))
    return [
        Thing(
            row.register, row.key, str(row.values[1] if len(row.values) > 1 else row.key)[:80],
            round(row.lon, _DIGITS), round(row.lat, _DIGITS),
        )
        for row in rows[:MOST_THINGS]
        if row.lon is not None and row.lat is not None
    ], len(rows) > MOST_THINGS  # fmt: skip


def _names(session: Session, wanted: set[str]) -> dict[str, dict[str, str]]:
    rows = session.execute(select(Register.name, Register.names).where(Register.name.in_(wanted)))
    return {name: dict(names) for name, names in rows}


def _box(points: Sequence[Any]) -> Box:
    lons, lats = [float(point[0]) for point in points], [float(point[1]) for point in points]
    return min(lons), min(lats), max(lons), max(lats)


def _wider(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _rounded(box: Box) -> Box:
    west, south, east, north = (round(one, _DIGITS) for one in box)
    return west, south, east, north


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
