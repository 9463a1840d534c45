"""Lists of cases: which ones, in which order, a page at a time; what one may not see is in none of them.

A page begins where another ended, by the time and id of a case (`Place`), so that new cases shift nothing and the
thousandth page costs what the first does. Words are looked for by `schema.desk.casesearch`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from schema.base import UtcDateTime
from schema.cases import Case
from schema.desk.casesearch import TICK, by_made, with_words
from schema.desk.listpages import ALWAYS, Place, Span, walked
from schema.rules.lifecycle import RUNNING
from schema.rules.searchpace import FIRST, Pace, Stretch
from schema.rules.searchwords import Asked

PER_PAGE = 50
MOST_SORTED = 2_000
"""Of the cases that have the words so many, the newest, can be put in order of when they are due."""
CELL = 15
"""Digits of a cell's code."""
LIGHTS = ("in-time", "soon", "over", "suspended", "done", "done-late")
ENDED = ("closed", "rated")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases, and in which order. What is empty does not choose.

    `cell` is the beginning of a code (a district's six digits, a cell's fifteen), so is `category`;
    `by_due` orders by when they are due
    (then only cases that are due at some time), `newest_first` by the later time first.
    """

    words: Asked | None = None
    states: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    class_: str = ""
    kinds: tuple[str, ...] = ()
    language: str = ""
    number: str = ""
    case_no: str = ""
    cell: str = ""
    worker: UUID | None = None
    made_by: UUID | None = None
    department: UUID | None = None
    confidential: bool | None = None
    category: str = ""
    channel: str = ""
    ratings: tuple[int, ...] = ()
    made: Span = ALWAYS
    due: Span = ALWAYS
    closed: Span = ALWAYS
    by_due: bool = False
    newest_first: bool = True
    may_see: ColumnElement[bool] | None = None

    @property
    def order(self) -> Any:
        """The column it is ordered by."""
        return Case.due_at if self.by_due else Case.made_at

    @property
    def narrow(self) -> bool:
        """Whether an index has those chosen in the order in which they were made."""
        return bool(
            self.number or self.case_no or self.worker or len(self.cell) == CELL or len(self.states) == 1
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of cases in order, with the places where the ones before and after it end; None where there are none.

    `cut`: only the newest `MOST_SORTED` cases with the words were put in order.
    """

    rows: Sequence[Case]
    before: Place | None = None
    after: Place | None = None
    cut: bool = False


def page(
    session: Session, wanted: Wanted, now: datetime, place: Place | None = None, limit: int = PER_PAGE
) -> Page:
    """The page at a place, the first without one."""
    backwards = place is not None and place.before
    if wanted.words is not None and wanted.by_due:
        rows, cut = _sorted(session, wanted, now)
        if place is not None:
            mark = (place.at, place.id)
            up = wanted.newest_first == backwards
            rows = [
                row for row in rows if ((row.due_at, row.id) > mark if up else (row.due_at, row.id) < mark)
            ]
        found = rows[-limit - 1 :][::-1] if backwards else rows[: limit + 1]
    else:
        found, cut = _from(session, wanted, now, place, limit + 1), False
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    if not found:
        return Page([], cut=cut)
    first = Place(_time(wanted, found[0]), found[0].id, before=True)
    last = Place(_time(wanted, found[-1]), found[-1].id)
    # Where one came from there is something, whatever the page holds.
    return Page(
        found,
        first if (more if backwards else place is not None) else None,
        last if more or backwards else None,
        cut,
    )


def walk(session: Session, wanted: Wanted, now: datetime, limit: int = 500) -> Iterator[Sequence[Case]]:
    """Every case of the list in its order, a page at a time; nothing of a page is kept for the next."""
    return walked(session, lambda place: page(session, wanted, now, place, limit))


def light_of_row(case: Case, now: datetime) -> str:
    """The reason of a case's light by its own row, "" before it is filed; as `schema.rules.lights` has it."""
    if case.due_at is not None and case.state in (*RUNNING, "suspended") and case.due_at < now:
        return "over"
    if case.state == "suspended":
        return "suspended"
    if case.state in RUNNING and case.due_at is not None:
        return "soon" if case.soon_at is not None and case.soon_at <= now else "in-time"
    if case.state in ENDED and case.due_at is not None and case.closed_at is not None:
        return "done" if case.closed_at <= case.due_at else "done-late"
    return ""


def conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What a row of `cases` must be, the words left out."""
    found: list[ColumnElement[bool]] = [] if wanted.may_see is None else [wanted.may_see]
    column: Any
    value: Any
    values: tuple[Any, ...]
    for column, value in (
        (Case.class_, wanted.class_), (Case.language, wanted.language), (Case.number, wanted.number),
        (Case.case_no, wanted.case_no), (Case.worker, wanted.worker), (Case.department, wanted.department),
        (Case.confidential, wanted.confidential), (Case.made_by, wanted.made_by),
        (Case.channel, wanted.channel),
    ):  # fmt: skip
        if value not in ("", None):
            found.append(column == value)
    for column, values in (
        (Case.state, wanted.states),
        (Case.kind, wanted.kinds),
        (Case.rating, wanted.ratings),
    ):
        if values:
            found.append(column == values[0] if len(values) == 1 else column.in_(values))
    if wanted.cell:
        # A span of codes and not a pattern: it can be read from the index whatever the database's collation. Of a
        # whole code the index has the cases in order.
        whole = len(wanted.cell) == CELL
        span = (wanted.cell.ljust(CELL, "0"), wanted.cell.ljust(CELL, "9"))
        found.append(Case.cell == wanted.cell if whole else Case.cell.between(*span))
    if wanted.category:
        found.append(Case.category.between(wanted.category, wanted.category.ljust(6, "9")))
    for column, (begin, end) in (
        (Case.made_at, wanted.made),
        (Case.due_at, wanted.due),
        (Case.closed_at, wanted.closed),
    ):
        if begin is not None:
            found.append(column >= begin)
        if end is not None:
            found.append(column < end)
    if wanted.lights:
        found.append(or_(false(), *(_light(light, now) for light in wanted.lights)))
    if wanted.by_due:
        found.append(Case.due_at.is_not(None))
    return found


def _time(wanted: Wanted, case: Case) -> datetime:
    """The time a case has its place by."""
    at = case.due_at if wanted.by_due else case.made_at
    assert at is not None
    return at


def _light(light: str, now: datetime) -> ColumnElement[bool]:
    runs, ended = Case.state.in_(RUNNING), Case.state.in_(ENDED)
    return {
        "over": and_(Case.state.in_((*RUNNING, "suspended")), Case.due_at < now),
        "soon": and_(runs, Case.due_at >= now, Case.soon_at <= now),
        "in-time": and_(runs, Case.due_at >= now, or_(Case.soon_at.is_(None), Case.soon_at > now)),
        "suspended": and_(Case.state == "suspended", or_(Case.due_at.is_(None), Case.due_at >= now)),
        "done": and_(ended, Case.closed_at <= Case.due_at),
        "done-late": and_(ended, Case.closed_at > Case.due_at),
    }[light]


def _from(session: Session, wanted: Wanted, now: datetime, place: Place | None, limit: int) -> list[Case]:
    backwards = place is not None and place.before
    down = wanted.newest_first != backwards
    where = conditions(wanted, now)
    if place is not None:
        here = tuple_(wanted.order, Case.id)
        mark = tuple_(literal(place.at, UtcDateTime()), literal(place.id, Case.id.type))
        where.append(here < mark if down else here > mark)
    ways = (wanted.order.desc(), Case.id.desc()) if down else (wanted.order, Case.id)
    chosen = select(Case).where(*where).order_by(*ways)
    # No statistics say that what is in time is new: by time it is found at once.
    by_light = bool(wanted.lights) and not wanted.by_due
    if wanted.words is None and not by_light:
        return list(session.scalars(chosen.limit(limit)))
    begin, end = made_between(session, wanted, now)
    if place is not None:
        begin, end = (begin, min(end, place.at + TICK)) if down else (max(begin, place.at), end)
    found: list[Case] = []
    pace = Pace(limit)
    if wanted.words is not None:
        parts = with_words(session, wanted.words, chosen, (begin, end), pace, down=down, narrow=wanted.narrow)
    else:
        parts = by_made(session, chosen, (begin, end), pace, FIRST, down=down)
    for some in parts:
        rows = session.scalars(some.limit(pace.left)).all()
        found += rows
        pace.took(len(rows))
        if not pace.left:
            break
    return found


def made_between(session: Session, wanted: Wanted, now: datetime) -> Stretch:
    """Between which times every case of the list was made."""
    begin, end = wanted.made
    first = session.scalar(select(func.min(Case.made_at))) or now
    last = now + timedelta(days=1)
    return max(first, begin) if begin is not None else first, min(last, end) if end is not None else last


def _sorted(session: Session, wanted: Wanted, now: datetime) -> tuple[list[Case], bool]:
    """The newest cases with the words, by when they are due."""
    by_made = replace(wanted, by_due=False, newest_first=True)
    only_due = and_(Case.due_at.is_not(None), *([] if wanted.may_see is None else [wanted.may_see]))
    found = _from(session, replace(by_made, may_see=only_due), now, None, MOST_SORTED + 1)
    cut, found = len(found) > MOST_SORTED, found[:MOST_SORTED]
    when: Callable[[Case], Any] = lambda case: (case.due_at, case.id)  # noqa: E731
    return sorted(found, key=when, reverse=wanted.newest_first), cut
