"""The duplicates desk: earlier cases that a new request is likely about, the likeliest first."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.choices import duplicate_threshold
from schema.desk.citizens import can_be_called
from schema.desk.places import cell_at
from schema.geodesy import distance
from schema.places import GridCell
from schema.rules.duplicates import REACH, Apart, Request, Score, ceiling, score
from schema.rules.places import Ring, is_point

MADE_WITHIN, CLOSED_WITHIN = timedelta(days=180), timedelta(days=30)
MOST, MOST_OF_CONTACT, MOST_OF_NUMBER = 200, 20, 60
"""Cases looked at in all; of the same contact, and of the same number."""
MOST_CELLS, MOST_NEAR = 5_000, 40
"""Cells of a district looked at, and of those near enough, cases are looked for in at most so many."""
GONE = ("void", "merged", "split", "rejected")
"""Cases in these states lead nowhere: their other case is found by itself, if there is one."""
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Likely:
    """An earlier case, how likely it is about the same thing, and how far away in metres (None: not known)."""

    case: Case
    score: Score
    metres: float | None


def likely_duplicates(
    session: Session,
    request: Request,
    lon: float | None = None,
    lat: float | None = None,
    *,
    limit: int = 5,
    seen: ColumnElement[bool] | None = None,
) -> list[Likely]:
    """Cases at or above the threshold. `lon`, `lat` are WGS-84 degrees; with them `request.cell` may be "".

    `seen`: only of these cases (see `schema.desk.scope`); None: of all.
    """
    point = (lon, lat) if lon is not None and lat is not None and is_point(lon, lat) else None
    near = near_cells(session, request.cell, point)
    threshold = duplicate_threshold(session)
    found = []
    for case in candidates(session, request, near, seen):
        metres = None
        if point is not None and case.lon is not None and case.lat is not None:
            metres = distance(*point, case.lon, case.lat)
        apart, other = Apart(metres, case.cell in near), as_request(case)
        if ceiling(request, other, apart) < threshold:
            continue
        likely = Likely(case, score(request, other, apart), metres)
        if likely.score.value >= threshold:
            found.append(likely)
    found.sort(
        key=lambda likely: (-likely.score.value, -likely.case.made_at.timestamp(), likely.case.case_no)
    )
    return found[:limit]


def candidates(
    session: Session, request: Request, cells: Collection[str], seen: ColumnElement[bool] | None = None
) -> list[Case]:
    """At most `MOST` cases that might be the same: of this contact, of this number, and the newest of these cells."""
    found: dict[object, Case] = {}

    def look(where: ColumnElement[bool], most: int) -> None:
        found.update((case.id, case) for case in session.scalars(_newest(request.at, where, most, seen)))

    if request.contact is not None:
        look(Case.contact == request.contact, MOST_OF_CONTACT)
    if can_be_called(request.phone):
        look(Case.number == request.phone, MOST_OF_NUMBER)
    if cells:
        look(Case.cell.in_(cells), MOST - MOST_OF_CONTACT - MOST_OF_NUMBER)
    return list(found.values())


def as_request(case: Case) -> Request:
    """A case as it is compared."""
    return Request(
        title=case.title,
        text=case.text,
        at=case.made_at,
        cell=case.cell,
        address=case.address,
        phone=case.number,
        contact=case.contact,
        class_=case.class_,
        kind=case.kind,
        category=case.category,
    )


def near_cells(session: Session, code: str, point: tuple[float, float] | None) -> list[str]:
    """The cell itself first, then those of its district within `REACH` of the point, or of the cell when there is none.

    A cell counts as its box in degrees, so one just out of reach may be among them. Empty when neither is known.
    """
    own = session.get(GridCell, code) if code.isdecimal() else None
    if own is None and point is not None:
        own = cell_at(session, *point)
    if own is None:
        return []
    around = _box([point] if point else own.ring, REACH)
    district = own.code[:6]
    rows = session.execute(
        select(GridCell.code, GridCell.ring)
        .where(GridCell.code.between(district + "0" * 9, district + "9" * 9), GridCell.code != own.code)
        .order_by(GridCell.code)
        .limit(MOST_CELLS)
    )
    return [own.code, *(near for near, ring in rows if _meet(around, _box(ring)))][:MOST_NEAR]


def _newest(
    now: datetime, where: ColumnElement[bool], most: int, seen: ColumnElement[bool] | None
) -> Select[Case]:
    return (
        select(Case)
        .where(
            where,
            true() if seen is None else seen,
            Case.state.not_in(GONE),
            Case.made_at >= now - MADE_WITHIN,
            or_(Case.closed_at.is_(None), Case.closed_at >= now - CLOSED_WITHIN),
        )
        .order_by(Case.made_at.desc())
        .limit(most)
    )


_Box = tuple[float, float, float, float]


def _box(ring: Ring, metres: float = 0.0) -> _Box:
    """West, south, east, north of a ring, wider by so many metres."""
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    if not metres:
        return min(lons), min(lats), max(lons), max(lats)
    north = metres / METRES_PER_DEGREE
    east = north / max(math.cos(math.radians(max(map(abs, lats)))), 0.01)
    return min(lons) - east, min(lats) - north, max(lons) + east, max(lats) + north


def _meet(one: _Box, two: _Box) -> bool:
    return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]
