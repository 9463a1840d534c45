"""The do-not-call list (免打扰): put on and taken off by order; and the gate that every call to a citizen passes.

Raises `Refused`: not-allowed, not-found, bad-field, wrong-state (its field says which: do-not-call, give-reason,
out-of-hours, not-blocked). The same order again changes nothing. Who asks for the list is seen by those who call.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from schema.desk.deadlines import newest_calendar
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, check_texts
from schema.desk.rulebooks import visit_rules
from schema.facts import NumberBlocked, NumberLifted
from schema.orders import BlockNumber, LiftNumber
from schema.outbound import DoNotCall, DoNotCallSpelling
from schema.people import User
from schema.rules.dialgate import BAD_NUMBER, PLANNED, Gate, plain_number, spellings, verdict
from schema.rules.dialling import BadTarget, number
from schema.rules.visits import may_call
from schema.store import UnitOfWork, alone

BLOCK, LIFT = "call.block", "call.unblock"
LONGEST_REASON = 200
PER_PAGE = 100
WORDS = {
    "do-not-call": "the number is on the do-not-call list",
    "give-reason": "the number is on the do-not-call list: say why the citizen is called all the same",
    "out-of-hours": "citizens are not called at this hour",
}
_LOCK = 0x6772_6964_0041


def block_number(work: UnitOfWork, order: BlockNumber) -> DoNotCall:
    """Put a number on the list; of several entries of one number each counts until its own end."""
    allow(work, order.by, BLOCK)
    alone(work.session, _LOCK)
    if (done := work.session.get(DoNotCall, order.order)) is not None:
        return done
    wrong = check_texts({"reason": (order.reason, 1, LONGEST_REASON)})
    try:
        plain = plain_number(number(order.number))
    except BadTarget:
        wrong["number"] = "this is no number that can be dialled"
    if order.until is not None and order.until <= work.now:
        wrong["until"] = "the day is over already"
    if wrong:
        raise bad_fields(wrong)
    entry = DoNotCall(
        id=order.order, number=plain, reason=order.reason.strip(), until=order.until, visit=order.visit,
        by=order.by, at=work.now,
    )  # fmt: skip
    work.session.add(entry)
    work.session.flush()
    work.session.add_all(DoNotCallSpelling(entry=entry.id, number=one) for one in spellings(plain))
    work.emit(NumberBlocked(at=work.now, entry=entry.id, until=entry.until, by=order.by))
    return entry


def lift_number(work: UnitOfWork, order: LiftNumber) -> DoNotCall:
    """Take an entry off the list."""
    allow(work, order.by, LIFT)
    entry = work.session.scalar(
        select(DoNotCall)
        .where(DoNotCall.id == order.entry)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise Refused("not-found", "there is no such entry")
    if entry.lifted_at is not None:
        if entry.lifted_by == order.by and entry.lifted_why == order.reason.strip():
            return entry  # the same order again
        raise Refused("wrong-state", "the number was taken off the list already", "not-blocked")
    if wrong := check_texts({"reason": (order.reason, 1, LONGEST_REASON)}):
        raise bad_fields(wrong)
    entry.lifted_by, entry.lifted_at, entry.lifted_why = order.by, work.now, order.reason.strip()
    work.emit(NumberLifted(at=work.now, entry=entry.id, by=order.by))
    return entry


def in_force(now: datetime) -> ColumnElement[bool]:
    """The entry counts."""
    return and_(DoNotCall.lifted_at.is_(None), or_(DoNotCall.until.is_(None), DoNotCall.until > now))


def blocked_numbers(now: datetime) -> Select[str]:
    """Every spelling of every number that nobody calls now."""
    query = select(DoNotCallSpelling.number).join(DoNotCall, DoNotCall.id == DoNotCallSpelling.entry)
    return query.where(in_force(now))


def is_blocked(session: Session, number: str, now: datetime) -> bool:
    """Whether a number is on the list now, however it is spelt."""
    found = select(DoNotCall.id).where(DoNotCall.number == plain_number(number), in_force(now))
    return session.scalar(found.limit(1)) is not None


def gate(session: Session, purpose: str, number: str, now: datetime, zone: ZoneInfo, reason: str = "") -> str:
    """Why a number may not be dialled now for a purpose, "" when it may (see `schema.rules.dialgate`)."""
    open_now = purpose not in PLANNED or may_call(
        visit_rules(session), now, newest_calendar(session, zone)[1]
    )
    return verdict(purpose, Gate(number, is_blocked(session, number, now), open_now, reason))


def insist_on_gate(
    session: Session, purpose: str, number: str, now: datetime, zone: ZoneInfo, reason: str = ""
) -> None:
    """Raise Refused when it may not be dialled."""
    why = gate(session, purpose, number, now, zone, reason)
    if why == BAD_NUMBER:
        raise Refused("bad-field", "this is no number that can be dialled", "number")
    if why:
        raise Refused("wrong-state", WORDS[why], why)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list with the names of who put it there and who took it off."""

    row: DoNotCall
    by: str
    lifted_by: str


def entries(
    session: Session, now: datetime, *, number: str = "", over: bool = False, after: str = ""
) -> tuple[list[Entry], str]:
    """A page of the list, the newest first, and the place of the next; `over`: those that do not count any more."""
    one, two = User.__table__.alias("one"), User.__table__.alias("two")
    query = (
        select(DoNotCall, one.c.name, two.c.name)
        .outerjoin(one, one.c.id == DoNotCall.by)
        .outerjoin(two, two.c.id == DoNotCall.lifted_by)
        .where(~in_force(now) if over else in_force(now))
    )
    if number:
        query = query.where(DoNotCall.number == plain_number(number))
    when, _, text = after.partition(" ")
    try:
        at, id = datetime.fromisoformat(when), UUID(text)
        query = query.where(or_(DoNotCall.at < at, and_(DoNotCall.at == at, DoNotCall.id < id)))
    except ValueError:
        pass  # a broken link shows the first page
    query = query.order_by(DoNotCall.at.desc(), DoNotCall.id.desc()).limit(PER_PAGE + 1)
    rows = [Entry(row, by or "", lifted or "") for row, by, lifted in session.execute(query)]
    if len(rows) <= PER_PAGE:
        return rows, ""
    rows.pop()
    return rows, f"{rows[-1].row.at.isoformat()} {rows[-1].row.id}"
