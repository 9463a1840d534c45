"""The worklists of the desks: what waits at the dispatch desk (派遣) and at a department's (责任单位), pile by pile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from schema.cases import Case, CaseStep
from schema.clocks import Extension, Supervision
from schema.desk.bytime import page_by_time
from schema.rules.lifecycle import RUNNING, TAKEN_IN

_WAY = ("case.dispatched", "case.delegated", "case.filed", "case.reopened", "case.checked", "case.sent-back")
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases that wait for the same next step; `right` is what that takes, `by` the time they are in order of."""

    name: str
    right: str
    chosen: Callable[[], ColumnElement[bool]]
    by: InstrumentedAttribute[Any] = Case.due_at


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of a pile, and how many cases there are in each pile (at most a thousand are counted)."""

    rows: list[Case]
    counts: dict[str, int]
    more: str


def _state(*states: str) -> Callable[[], ColumnElement[bool]]:
    return lambda: Case.state.in_(states)


def _came_back() -> ColumnElement[bool]:
    """The last that was done about who has the case is that it was sent back, or failed its check."""
    last = (
        select(func.max(CaseStep.id))
        .where(CaseStep.case == Case.id, CaseStep.hop.in_(_WAY))
        .correlate(Case)
        .scalar_subquery()
    )
    return exists().where(CaseStep.id == last, CaseStep.hop.in_(("case.sent-back", "case.checked")))


def _asked() -> ColumnElement[bool]:
    return and_(
        Case.state.in_(RUNNING), exists().where(Extension.case == Case.id, Extension.state == "asked")
    )


def _to_sign() -> ColumnElement[bool]:
    return and_(Case.state == "dispatched", Case.worker.is_(None), Case.signed_at.is_(None))


def _in_hand() -> ColumnElement[bool]:
    return and_(Case.state == "dispatched", ~_to_sign(), ~_came_back())


def _ordered() -> ColumnElement[bool]:
    return and_(
        Case.state.in_(RUNNING), exists().where(Supervision.case == Case.id, Supervision.state == "open")
    )


DISPATCH = (
    Pile("to-dispatch", "case.dispatch", lambda: and_(Case.state == "filed", ~_came_back())),
    Pile("came-back", "case.dispatch", lambda: and_(Case.state == "filed", _came_back())),
    Pile("to-file", "case.file", _state(*TAKEN_IN), Case.made_at),
    Pile("asked", "case.approve", _asked),
    Pile("to-check", "case.check", _state("handled")),
    Pile("to-close", "case.close", _state("checked")),
)
DEPARTMENT = (
    Pile("to-sign", "case.sign", _to_sign),
    Pile("in-hand", "case.handle", _in_hand),
    Pile("to-do-again", "case.handle", lambda: and_(Case.state == "dispatched", ~_to_sign(), _came_back())),
    Pile("to-answer", "case.answer", _ordered),
    Pile("waiting", "case.extend", _asked),
    Pile("handed-in", "case.handle", _state("handled", "checked")),
)
DESKS = {"dispatch": DISPATCH, "department": DEPARTMENT}


def worklist(
    session: Session, seen: ColumnElement[bool], piles: tuple[Pile, ...], name: str, after: str = ""
) -> Worklist:
    """A page of the pile `name` of those `seen`, behind the place `after`; an unknown name is the first pile."""
    pile = next((one for one in piles if one.name == name), piles[0])
    rows, more = page_by_time(session, and_(seen, pile.chosen()), pile.by, after)
    return Worklist(rows, {one.name: _count(session, and_(seen, one.chosen())) for one in piles}, more)


def _count(session: Session, chosen: ColumnElement[bool]) -> int:
    some = select(Case.id).where(chosen).limit(_MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
