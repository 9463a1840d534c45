"""The register of contacts (受理登记): everything that came in, by whatever channel, newest first, a page at a time.

Two tables hold it: calls that came in, and cases that came by no call. Each is read from an index in the same order
from the same place, and what is found is put together; so the thousandth page costs what the first does. A contact
that led to a confidential case is not there for whoever may not read that case, nor is its caller's number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, literal, select, true, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import False_

from schema.base import UtcDateTime
from schema.calls import CallBackRow, CallRow
from schema.cases import CAME, Case
from schema.desk.listpages import ALWAYS, Place, Span, walked
from schema.desk.scope import Who, visible_cases

PER_PAGE = 50
PHONE = "phone"
OUTCOMES = ("live", "answered", "abandoned", "lost", "callback", "received")
"""How a call stands or came out; `callback`: a call-back was promised; `received`: it came by no call."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts. What is empty does not choose; `taken_by` is who answered, or filed what came by no call."""

    came: Span = ALWAYS
    channel: str = ""
    number: str = ""
    taken_by: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register. `id` is the call's or the case's; `callback` the state of a promised call-back."""

    at: datetime
    id: UUID
    contact: UUID
    channel: str
    number: str
    language: str
    user: UUID | None
    seat: str
    outcome: str
    callback: str = ""
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order, with the places where the pages before and after begin; None where there are none."""

    rows: Sequence[Entry]
    before: Place | None = None
    after: Place | None = None


def page(
    session: Session, wanted: Wanted, who: Who, place: Place | None = None, limit: int = PER_PAGE
) -> Page:
    """The page at a place, the first without one, of what `who` may see."""
    backwards = place is not None and place.before
    seen = visible_cases(session, who)
    found = [
        *(_of_call(row) for row in _rows(session, _calls(wanted, seen), CallRow, place, limit)),
        *(_of_case(row) for row in _rows(session, _cases(wanted, seen), Case, place, limit)),
    ]
    found.sort(key=lambda entry: (entry.at, entry.id), reverse=not backwards)
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    first = Place(found[0].at, found[0].id, before=True)
    last = Place(found[-1].at, found[-1].id)
    return Page(
        _with_what_became(session, found, seen),
        first if (more if backwards else place is not None) else None,
        last if more or backwards else None,
    )


def walk(session: Session, wanted: Wanted, who: Who, limit: int = 500) -> Iterator[Sequence[Entry]]:
    """Every entry in order, a page at a time; nothing of a page is kept for the next."""
    return walked(session, lambda place: page(session, wanted, who, place, limit))


def kept_from(seen: ColumnElement[bool], contact: Any) -> ColumnElement[bool]:
    """That a contact led to a confidential case which is not among those `seen`."""
    beyond = ~seen
    # Who may read every case is kept from none: then no row is asked about its cases.
    return (
        beyond
        if isinstance(beyond, False_)
        else exists().where(Case.contact == contact, Case.confidential, beyond)
    )


def _calls(wanted: Wanted, seen: ColumnElement[bool]) -> Select[Any] | None:
    if wanted.outcome == "received" or wanted.channel not in ("", PHONE):
        return None
    query = select(CallRow).where(CallRow.direction == "in", ~kept_from(seen, CallRow.contact))
    if wanted.number:
        query = query.where(CallRow.number == wanted.number)
    if wanted.taken_by is not None:
        query = query.where(CallRow.user == wanted.taken_by)
    if wanted.outcome == "callback":
        query = query.where(CallRow.id.in_(select(CallBackRow.call)))
    elif wanted.outcome:
        so = CallRow.outcome == wanted.outcome.replace("live", "")
        # A number's or a person's calls are fewer than those that came out so.
        query = query.where(_only_so(so) if wanted.number or wanted.taken_by is not None else so)
    return _within(query, CallRow.entered_at, wanted.came)


def _cases(wanted: Wanted, seen: ColumnElement[bool]) -> Select[Any] | None:
    if wanted.outcome not in ("", "received"):
        return None
    query = select(Case).where(CAME, _only_so(Case.parent.is_(None)), seen)
    if wanted.channel:
        query = query.where(Case.channel == wanted.channel)
    if wanted.number:
        query = query.where(Case.number == wanted.number)
    if wanted.taken_by is not None:
        query = query.where(Case.made_by == wanted.taken_by)
    return _within(query, Case.made_at, wanted.came)


def _only_so(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that rows are held against, and no index is chosen for (SQLite would)."""
    return condition.is_(true())


def _within(query: Select[Any], at: Any, span: Span) -> Select[Any]:
    begin, end = span
    if begin is not None:
        query = query.where(at >= begin)
    return query.where(at < end) if end is not None else query


def _rows(
    session: Session, query: Select[Any] | None, table: Any, place: Place | None, limit: int
) -> Sequence[Any]:
    if query is None:
        return ()
    at = table.entered_at if table is CallRow else table.made_at
    down = place is None or not place.before
    if place is not None:
        mark = tuple_(literal(place.at, UtcDateTime()), literal(place.id, table.id.type))
        query = query.where(tuple_(at, table.id) < mark if down else tuple_(at, table.id) > mark)
    ways = (at.desc(), table.id.desc()) if down else (at, table.id)
    return session.scalars(query.order_by(*ways).limit(limit + 1)).all()


def _with_what_became(session: Session, found: Sequence[Entry], seen: ColumnElement[bool]) -> list[Entry]:
    contacts = {entry.contact for entry in found}
    cases: dict[UUID, list[str]] = {}
    for contact, case_no in session.execute(
        select(Case.contact, Case.case_no)
        .where(Case.contact.in_(contacts), seen)
        .order_by(Case.made_at, Case.id)
    ):
        cases.setdefault(contact, []).append(case_no)
    promised = (
        select(CallBackRow.contact, CallBackRow.state)
        .where(CallBackRow.contact.in_(contacts))
        .order_by(CallBackRow.promised_at)
    )
    promises = {contact: state for contact, state in session.execute(promised)}
    return [
        replace(entry, cases=tuple(cases.get(entry.contact, ())), callback=promises.get(entry.contact, ""))
        for entry in found
    ]


def _of_call(row: CallRow) -> Entry:
    return Entry(
        row.entered_at, row.id, row.contact, PHONE, row.number, row.language, row.user, row.seat,
        row.outcome or "live",
    )  # fmt: skip


def _of_case(row: Case) -> Entry:
    return Entry(
        row.made_at, row.id, row.contact, row.channel, row.number, row.language, row.made_by, "", "received"
    )
