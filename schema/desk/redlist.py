"""The red list: cases that are over their time or nearly so, by who has them, with what was done about it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep
from schema.clocks import Supervision
from schema.desk.bytime import holder_names, page_by_time
from schema.people import Department, User
from schema.rules.lifecycle import RUNNING

OVER, SOON, ORDERED = "over", "soon", "ordered"
KINDS = (OVER, SOON, ORDERED)


@dataclass(frozen=True, slots=True)
class Late:
    """A case with who has it, how often and when it was last urged, and its oldest open supervision order."""

    case: Case
    unit: str
    worker: str
    urged: int = 0
    urged_at: datetime | None = None
    order: Supervision | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A department or a worker and how many of their cases are over."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class RedList:
    """A page of the list: what there is of each kind, who has it, and the rows, the most overdue first."""

    counts: dict[str, int]
    holders: list[Holder]
    rows: list[Late] = field(default_factory=list)
    more: str = ""


def red_list(
    session: Session, seen: ColumnElement[bool], kind: str, holder: str, after: str, now: datetime
) -> RedList:
    """Cases of a kind among those `seen`, narrowed to a `holder` ("department:ID", "worker:ID"), behind `after`."""
    chosen = and_(seen, Case.state.in_(RUNNING), _kind(kind, now))
    # A suspended clock has no due time; such a case is not running, so every row here has one.
    rows, more = page_by_time(session, and_(chosen, _held(holder)), Case.due_at, after)
    return RedList(
        {one: _count(session, and_(seen, Case.state.in_(RUNNING), _kind(one, now))) for one in KINDS},
        _holders(session, chosen),
        _late(session, rows),
        more,
    )


def _kind(kind: str, now: datetime) -> ColumnElement[bool]:
    if kind == ORDERED:
        return exists().where(Supervision.case == Case.id, Supervision.state == "open")
    if kind == SOON:
        return and_(Case.due_at >= now, Case.soon_at <= now)
    return Case.due_at < now


def _held(holder: str) -> ColumnElement[bool]:
    what, _, text = holder.partition(":")
    try:
        id = UUID(text)
    except ValueError:
        return Case.id.is_not(None)
    return Case.department == id if what == "department" else Case.worker == id


def _count(session: Session, chosen: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(chosen)) or 0


def _holders(session: Session, chosen: ColumnElement[bool]) -> list[Holder]:
    found = []
    for what, column, table in (("department", Case.department, Department), ("worker", Case.worker, User)):
        query = (
            select(table.id, table.name, func.count())
            .join(Case, column == table.id)
            .where(chosen)
            .group_by(table.id, table.name)
            .order_by(func.count().desc(), table.name)
            .limit(20)
        )
        found += [Holder(f"{what}:{id}", name, count) for id, name, count in session.execute(query)]
    return found


def _late(session: Session, cases: list[Case]) -> list[Late]:
    ids = [case.id for case in cases]
    urged = {
        case: (count, at)
        for case, count, at in session.execute(
            select(CaseStep.case, func.count(), func.max(CaseStep.at))
            .where(CaseStep.case.in_(ids), CaseStep.hop == "case.urged")
            .group_by(CaseStep.case)
        )
    }
    orders: dict[UUID, Supervision] = {}
    open_ones = select(Supervision).where(Supervision.case.in_(ids), Supervision.state == "open")
    for order in session.scalars(open_ones.order_by(Supervision.made_at)):
        orders.setdefault(order.case, order)
    names = holder_names(session, cases)
    return [
        Late(
            case=case,
            unit=names.get(case.department, ""),
            worker=names.get(case.worker, ""),
            urged=urged[case.id][0] if case.id in urged else 0,
            urged_at=urged[case.id][1] if case.id in urged else None,
            order=orders.get(case.id),
        )
        for case in cases
    ]
