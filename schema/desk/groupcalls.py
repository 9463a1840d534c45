"""The group call desk: a worker on duty has the colleagues of a department who are on duty rung into one voice call."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk import audit
from schema.desk.errors import Refused
from schema.desk.scope import departments_below
from schema.handsets import Duty, Handset
from schema.orders import CallGroup
from schema.people import AuditRow, Department, User
from schema.rules.dialling import BadTarget, number
from schema.store import UnitOfWork

MOST = 12
"""People in one room."""
PAUSE = timedelta(minutes=1)
CALLED = "field.group-call"


def call_group(
    work: UnitOfWork, worker: UUID, department: UUID, *, hotline: str = "", ip: str = ""
) -> list[str]:
    """Ring who is on duty in the worker's own department, or one below it; their names, whose the call is first.

    Only numbers of the address book are rung. Raises Refused: not-allowed, wrong-state (off-duty, no-number, too-soon,
    nobody, too-many).
    """
    session = work.session
    who = session.get_one(User, worker, with_for_update={"key_share": True})
    if who.department is None or department not in departments_below(session, who.department):
        raise Refused("not-allowed", "a group call goes to one's own department, or one below it")
    people = _on_duty(session, departments_below(session, department) | {department})
    if session.scalar(select(Duty.id).where(Duty.worker == worker, Duty.ended_at.is_(None)).limit(1)) is None:
        raise Refused("wrong-state", "who is not on duty calls no group", "off-duty")
    numbers = {user.id: dialled for user in people if (dialled := _dialled(user, hotline))}
    own = _dialled(who, hotline)
    if not own:
        raise Refused("wrong-state", "your own number is not in the address book", "no-number")
    asked = select(AuditRow.id).where(
        AuditRow.what == CALLED, AuditRow.who == worker, AuditRow.at > work.now - PAUSE
    )
    if session.scalar(asked.limit(1)) is not None:
        raise Refused("wrong-state", "you called a group a moment ago; the telephones ring", "too-soon")
    others = [user for user in people if user.id != worker and user.id in numbers]
    if not others:
        raise Refused("wrong-state", "nobody else there is on duty with a number", "nobody")
    rung = list(dict.fromkeys([own, *(numbers[user.id] for user in others)]))
    if len(rung) > MOST:
        raise Refused(
            "wrong-state", f"more than {MOST} are on duty there: call a smaller department", "too-many"
        )
    work.emit(CallGroup(by=worker, numbers=tuple(rung)))
    unit = session.get_one(Department, department)
    audit.note(
        work, CALLED, unit.name[:60], who=worker, login=who.login, ip=ip, reason=f"people: {len(rung)}"
    )
    return [who.name, *(user.name for user in others)]


def _on_duty(session: Session, departments: frozenset[UUID]) -> list[User]:
    query = (
        select(User)
        .join(Duty, Duty.worker == User.id)
        .join(Handset, Handset.device == Duty.device)
        .where(Duty.ended_at.is_(None), Handset.blocked.is_(False), User.active, ~User.locked)
        .where(User.department.in_(departments))
        .order_by(User.name, User.id)
    )
    return list(session.scalars(query.distinct()))


def _dialled(user: User, hotline: str) -> str:
    try:
        return number(user.mobile, hotline) if user.mobile else ""
    except BadTarget:
        return ""
