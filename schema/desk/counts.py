"""Named counts: what formulas of the assessment count. A count is a list of what happened; its number is how many.

Each makes one statement of rows (`key`, `case`, `at`, `who`): that a case was filed, dispatched, came to its time …, at
what time, and which unit or person it is counted for. The number groups those rows, the list shows them, so the two
cannot differ. Cases that were voided, merged or split had no time to keep.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from schema.base import UtcDateTime
from schema.cases import Case, CaseStep, Task
from schema.clocks import ClockRow, Supervision
from schema.desk.spans import seconds
from schema.handsets import Report
from schema.rules.assessment import ABOUT, PERSON, UNIT

PER_PAGE = 50
MILLISECOND = 0.0005
"""Seconds between two times are right to that."""
S: Any = CaseStep
DISPATCHED, FILED, SENT_BACK, HANDLED = "case.dispatched", "case.filed", "case.sent-back", "case.handled"
SUPERVISED, INSTRUCTED = "case.supervised", "case.instructed"
RECEIVED = (DISPATCHED, "case.delegated")
CLOSED = ("case.closed", "case.replied")
_READY = (FILED, "case.reopened", "case.split-off", SENT_BACK, "case.resumed", "case.unmerged")
_TAKEN_IN = ("case.accepted", "case.verified")
OVER_OTHERWISE = ("void", "merged", "split", "rejected")


@dataclass(frozen=True, slots=True)
class Asked:
    """About units or persons, from `begin` (included) to `end` (not), as it is `now`; `within`: minutes, by `TIMES`."""

    session: Session
    about: str
    begin: datetime
    end: datetime
    now: datetime
    within: Mapping[str, int]

    @property
    def of_units(self) -> bool:
        """Whether units are counted for."""
        return self.about == UNIT


@dataclass(frozen=True, slots=True)
class Happened:
    """One of the list: the case, when, and the key that tells it from others."""

    case: Case
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: `count` of them in all, `hidden` ones that the reader may not see; where the next begins."""

    rows: Sequence[Happened]
    count: int
    hidden: int
    after: str = ""


Make = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A count: of whom it can be told, and the statement of its rows."""

    make: Make
    about: tuple[str, ...] = field(default=ABOUT)


def names(about: str) -> tuple[str, ...]:
    """The counts that can be told of units, or of persons."""
    return tuple(name for name, named in COUNTS.items() if about in named.about)


def numbers(asked: Asked, name: str, whom: Collection[UUID]) -> dict[UUID, int]:
    """How many there are of each of them; who is left out has none."""
    rows = COUNTS[name].make(asked).subquery()
    found = select(rows.c.who, func.count()).where(rows.c.who.in_(whom)).group_by(rows.c.who)
    return {who: count for who, count in asked.session.execute(found)}


def listed(
    asked: Asked, name: str, who: UUID, may_see: ColumnElement[bool], after: str = "", limit: int = PER_PAGE
) -> Page:
    """The list behind a number, the latest first, behind a place (`Page.after`); a broken place begins anew."""
    rows = COUNTS[name].make(asked).subquery()
    mine = select(rows.c.key, rows.c.at, Case).join(Case, Case.id == rows.c.case).where(rows.c.who == who)
    count, seen = asked.session.execute(
        mine.with_only_columns(func.count(), func.coalesce(func.sum(case((may_see, 1), else_=0)), 0))
    ).one()
    shown = mine.where(may_see).order_by(rows.c.at.desc(), rows.c.key.desc()).limit(limit + 1)
    if (place := _place(after, rows.c.key.type.python_type)) is not None:
        marks = literal(place[0], UtcDateTime()), literal(place[1], rows.c.key.type)
        shown = shown.where(tuple_(rows.c.at, rows.c.key) < tuple_(*marks))
    found = [Happened(one, at, str(key)) for key, at, one in asked.session.execute(shown)]
    more = f"{found[limit - 1].at.isoformat()} {found[limit - 1].key}" if len(found) > limit else ""
    return Page(found[:limit], count, count - seen, more)


def _place(text: str, type_: Any) -> tuple[datetime, Any] | None:
    when, _, key = text.partition(" ")
    try:
        at = datetime.fromisoformat(when)
        # A longer number is no key, and none that a database knows.
        return (
            (at, type_(key)) if at.tzinfo is not None and len(key) <= (18 if type_ is int else 36) else None
        )
    except ValueError:
        return None


# -- what is counted -----------------------------------------------------------------------------------------------


def _steps(asked: Asked, person: ColumnElement[Any], *where: ColumnElement[bool]) -> Any:
    """Steps of the time, each counted for the unit that had the case, or for the person."""
    who = S.department if asked.of_units else person
    columns = (S.id.label("key"), S.case.label("case"), S.at.label("at"), who.label("who"))
    return select(*columns).where(S.at >= asked.begin, S.at < asked.end, *where)


def _hop(*hops: str) -> Any:
    return S.hop == hops[0] if len(hops) == 1 else S.hop.in_(hops)


def _turn(asked: Asked, *hops: str, within: int | None = None) -> ColumnElement[bool]:
    """Whether one of these steps followed while the unit had the case, within so many minutes."""
    later: Any = aliased(CaseStep)
    between = _between(later, RECEIVED)
    found = exists().where(later.case == S.case, later.id > S.id, later.hop.in_(hops), ~between)
    if within is not None:
        found = found.where(seconds(asked.session, S.at, later.at) <= within * 60.0 + MILLISECOND)
    return found


def _since(asked: Asked, within: int, *where: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether the newest earlier step of that kind is at most so many minutes before."""
    before = aliased(CaseStep)
    last = select(func.max(before.at)).where(before.case == S.case, before.id < S.id)
    newest: Any = last.where(*(one(before) for one in where)).correlate(CaseStep).scalar_subquery()
    return seconds(asked.session, newest, S.at) <= within * 60.0 + MILLISECOND


def _late() -> ColumnElement[bool]:
    """Whether the clock that ran at the step was over by then."""
    ran = or_(ClockRow.ended_at.is_(None), ClockRow.ended_at >= S.at)
    return exists().where(ClockRow.case == S.case, ran, ClockRow.due_at < S.at)


def _state(*states: str) -> ColumnElement[bool]:
    """Whether the case is in none of these states now."""
    return ~exists().where(Case.id == S.case, Case.state.in_(states))


def _received(asked: Asked, *where: ColumnElement[bool]) -> Any:
    return _steps(asked, S.worker, _hop(*RECEIVED), *where)


def _signed(asked: Asked) -> ColumnElement[bool]:
    return _turn(asked, "case.signed", HANDLED, SENT_BACK, "case.delegated", within=asked.within["sign"])


def _to_sign(asked: Asked) -> Any:
    waited = S.at <= asked.now - timedelta(minutes=asked.within["sign"])
    return _received(asked, S.worker.is_(None), or_(waited, _signed(asked)))


def _checks(asked: Asked, *where: ColumnElement[bool]) -> Any:
    """What was said of the work: checked, or sent back to be done again."""
    again = (S.hop == SENT_BACK) & (S.state == "dispatched")
    return _steps(asked, S.worker, or_(S.hop == "case.checked", again), *where)


def _clocks(asked: Asked, *where: ColumnElement[bool]) -> Any:
    """Clocks that came to their end in the time asked for: stopped in time, or else over; each counts once."""
    newer = aliased(ClockRow)
    is_newest = ~exists().where(newer.case == ClockRow.case, newer.number > ClockRow.number)
    # A clock that ended before that was written down, or runs: whoever has the case.
    who = case((ClockRow.department.is_not(None), ClockRow.department), (is_newest, Case.department))
    at = case((ClockRow.ended_at <= ClockRow.due_at, ClockRow.ended_at), else_=ClockRow.due_at)
    rows = select(ClockRow.id.label("key"), ClockRow.case.label("case"), at.label("at"), who.label("who"))
    return rows.join(Case, Case.id == ClockRow.case).where(
        ClockRow.due_at >= asked.begin,  # for the index: no end is after the due time
        at >= asked.begin,
        at < asked.end,
        or_(ClockRow.due_at < asked.now, ClockRow.ended_at.is_not(None)),
        Case.state.not_in(OVER_OTHERWISE),
        *where,
    )


def _ordered(asked: Asked, hop: str, *where: ColumnElement[bool]) -> Any:
    """Supervision orders or instructions that were answered, or came to the time to answer by."""
    rows = _steps(asked, S.worker, _hop(hop)).join(Supervision, Supervision.id == S.order)
    due = or_(Supervision.answered_at.is_not(None), Supervision.answer_by < asked.now)
    return rows.where(due, *where)


def _tasks(asked: Asked, *where: ColumnElement[bool]) -> Any:
    columns = (
        Task.id.label("key"),
        Task.case.label("case"),
        Task.made_at.label("at"),
        Task.worker.label("who"),
    )
    in_time = (Task.made_at >= asked.begin, Task.made_at < asked.end)
    return select(*columns).where(*in_time, Task.state != "recalled", *where)


def _reports(asked: Asked) -> Any:
    columns = (
        Report.id.label("key"),
        Report.case.label("case"),
        Report.at.label("at"),
        Report.worker.label("who"),
    )
    return select(*columns).where(Report.at >= asked.begin, Report.at < asked.end, Report.case.is_not(None))


_OF_UNIT, _OF_PERSON = (UNIT,), (PERSON,)
_handler = func.coalesce(S.worker, S.by)
_ANSWERED = Supervision.answered_at <= Supervision.answer_by
_is_ready: Callable[[Any], Any] = lambda b: (b.state == "filed") & b.hop.in_(_READY)  # noqa: E731
_GOOD = S.detail["score"].as_integer() <= 2

COUNTS: Mapping[str, Named] = {
    # What is taken in and sent out.
    "filed": Named(lambda a: _steps(a, S.by, _hop(FILED)), _OF_PERSON),
    "filed_in_time": Named(
        lambda a: _steps(a, S.by, _hop(FILED), _since(a, a.within["file"], lambda b: b.hop.in_(_TAKEN_IN))),
        _OF_PERSON,
    ),
    "filed_right": Named(lambda a: _steps(a, S.by, _hop(FILED), _state("void")), _OF_PERSON),
    "replied": Named(lambda a: _steps(a, S.by, _hop("case.replied")), _OF_PERSON),
    "dispatched": Named(lambda a: _steps(a, S.by, _hop(DISPATCHED)), _OF_PERSON),
    "dispatched_in_time": Named(
        lambda a: _steps(a, S.by, _hop(DISPATCHED), _since(a, a.within["dispatch"], _is_ready)),
        _OF_PERSON,
    ),
    "dispatched_right": Named(lambda a: _steps(a, S.by, _hop(DISPATCHED), ~_came_back()), _OF_PERSON),
    # What units and workers do with what they are sent.
    "received": Named(_received),
    "to_sign": Named(_to_sign, _OF_UNIT),
    "signed_in_time": Named(lambda a: _received(a, S.worker.is_(None), _signed(a)), _OF_UNIT),
    "took_part": Named(
        lambda a: _received(a, _turn(a, "case.signed", HANDLED, "case.extension-asked", "case.answered"))
    ),
    "sent_back": Named(lambda a: _steps(a, S.worker, _hop(SENT_BACK), S.state == "filed"), _OF_UNIT),
    "handled": Named(lambda a: _steps(a, _handler, _hop(HANDLED))),
    "handled_in_time": Named(lambda a: _steps(a, _handler, _hop(HANDLED), ~_late())),
    "checked": Named(_checks),
    "failed": Named(lambda a: _checks(a, S.state == "dispatched")),
    "closed": Named(lambda a: _steps(a, S.by, _hop(*CLOSED))),
    "due": Named(_clocks, _OF_UNIT),
    "closed_in_time": Named(lambda a: _clocks(a, ClockRow.ended_at <= ClockRow.due_at), _OF_UNIT),
    "reopened": Named(lambda a: _steps(a, S.worker, _hop("case.reopened"))),
    "urged": Named(lambda a: _steps(a, S.worker, _hop("case.urged"))),
    "supervised": Named(lambda a: _ordered(a, SUPERVISED), _OF_UNIT),
    "answered_in_time": Named(lambda a: _ordered(a, SUPERVISED, _ANSWERED), _OF_UNIT),
    "instructed": Named(lambda a: _ordered(a, INSTRUCTED), _OF_UNIT),
    "instructed_in_time": Named(lambda a: _ordered(a, INSTRUCTED, _ANSWERED), _OF_UNIT),
    "rated": Named(lambda a: _steps(a, S.worker, _hop("case.rated"))),
    "satisfied": Named(lambda a: _steps(a, S.worker, _hop("case.rated"), _GOOD)),
    # What grid workers do.
    "tasks": Named(_tasks, _OF_PERSON),
    "tasks_done": Named(lambda a: _tasks(a, Task.done_at.is_not(None)), _OF_PERSON),
    "reports": Named(_reports, _OF_PERSON),
}
"""Every count by its name; docs/assessment.md has the definitions in words, the site's words in three languages."""


def _came_back() -> ColumnElement[bool]:
    """Whether the unit sent it back before it was dispatched again."""
    back: Any = aliased(CaseStep)
    between = _between(back, (DISPATCHED,))
    return exists().where(
        back.case == S.case, back.id > S.id, back.hop == SENT_BACK, back.state == "filed", ~between
    )


def _between(later: Any, hops: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether one of these steps came between the step and a later one."""
    one = aliased(CaseStep)
    found = exists().where(one.case == S.case, one.hop.in_(hops), one.id > S.id, one.id < later.id)
    return found.correlate(CaseStep, later)
