"""The devices desk: handsets as the office sees them – looked through, blocked, let in again, logged out, wiped.

Orders raise `Refused`: not-allowed, not-found, bad-field, wrong-state. The same order again changes nothing: a device
that is blocked already stays so, of its first reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from schema.desk import fieldlogins
from schema.desk.errors import Refused, bad_fields
from schema.desk.fieldmessages import WIPE, tell_device
from schema.desk.moves import allow, check_texts
from schema.facts import HandsetBlocked, HandsetKeyRevoked, HandsetUnblocked
from schema.fieldaccess import FieldLogin
from schema.fieldmessages import FieldMessage, FieldMessageCopy
from schema.handsets import Duty, Handset, Refusal
from schema.orders import (
    BlockHandset,
    DeviceOrder,
    EndHandsetLogins,
    RevokeHandsetKey,
    UnblockHandset,
    WipeHandset,
)
from schema.people import User
from schema.rules.silence import silent_since
from schema.store import UnitOfWork

MANAGE = "field.manage"
LONGEST_REASON = 200
PER_PAGE = 100
STATES = ("all", "duty", "silent", "backlog", "blocked", "wiping")
"""What the list is asked for."""
_DUTY = (
    select(Duty.device, func.max(Duty.started_at).label("started_at"))
    .where(Duty.ended_at.is_(None))
    .group_by(Duty.device)
    .subquery()
)


@dataclass(frozen=True, slots=True)
class Device:
    """A handset, whose it is, and how it stands.

    `holder` is who is logged in on it, `since` since when somebody is on duty with it, `silent` since when nothing was
    heard of it though they are, `wiping` since when it is to forget everything.
    """

    row: Handset
    worker: User
    holder: str
    since: datetime | None
    silent: datetime | None
    wiping: datetime | None
    refused: int


def block_handset(work: UnitOfWork, order: BlockHandset) -> Handset:
    """Let it in no more; the gateway tells the broker when it hears of it."""
    row = _wanted(work, order)
    if row.blocked:
        return row
    if wrong := check_texts({"reason": (order.reason, 1, LONGEST_REASON)}):
        raise bad_fields(wrong)
    row.blocked = True
    fieldlogins.end_all(work, device=row.device)
    work.emit(HandsetBlocked(at=work.now, device=row.device, by=order.by, reason=order.reason.strip()))
    return row


def unblock_handset(work: UnitOfWork, order: UnblockHandset) -> Handset:
    """Let it in again, with the secret and the key it had."""
    row = _wanted(work, order)
    if row.blocked:
        row.blocked = False
        work.emit(HandsetUnblocked(at=work.now, device=row.device, by=order.by))
    return row


def revoke_key(work: UnitOfWork, order: RevokeHandsetKey) -> Handset:
    """Believe nothing more that is signed with its key. Raises Refused("wrong-state") where there is none."""
    row = _wanted(work, order)
    if row.key_revoked_at is not None:
        return row
    if row.key is None:
        raise Refused("wrong-state", "this handset has no key", "no-key")
    row.key_revoked_at = work.now
    work.emit(HandsetKeyRevoked(at=work.now, device=row.device, by=order.by))
    return row


def wipe_handset(work: UnitOfWork, order: WipeHandset) -> FieldMessage:
    """Let it forget everything: the message waits for it until it says that it did. Who is logged in is so no more."""
    row = _wanted(work, order)
    if row.blocked:
        raise Refused(
            "wrong-state", "a blocked handset hears nothing: let it in first, then wipe it", "blocked"
        )
    fieldlogins.end_all(work, device=row.device)
    return tell_device(work, row.device, WIPE, by=order.by)


def end_logins(work: UnitOfWork, order: EndHandsetLogins) -> int:
    """Log everybody out on it; how many there were."""
    return fieldlogins.end_all(work, device=_wanted(work, order).device)


def devices(
    session: Session,
    now: datetime,
    after: timedelta,
    *,
    words: str = "",
    state: str = "all",
    behind: str = "",
) -> tuple[list[Device], str]:
    """A page of the handsets by name, and the name after which the next begins ("" for none).

    `words` are in the name of the handset or its worker; `after` says how long a silence is one.
    """
    query = _devices()
    if words:
        found = (Handset.device, User.name, User.login)
        query = query.where(or_(*(field.icontains(words, autoescape=True) for field in found)))
    if state != "all":
        query = query.where(_is(state, now, after))
    if behind:
        query = query.where(Handset.device > behind)
    rows = session.execute(query.order_by(Handset.device).limit(PER_PAGE + 1)).all()
    more = rows[PER_PAGE - 1].Handset.device if len(rows) > PER_PAGE else ""
    return [_device(row, now, after) for row in rows[:PER_PAGE]], more


def one_device(session: Session, device: str, now: datetime, after: timedelta) -> Device:
    """One handset. Raises Refused("not-found")."""
    row = session.execute(_devices().where(Handset.device == device)).first()
    if row is None:
        raise Refused("not-found", f"there is no handset {device[:60]!r}", "device")
    return _device(row, now, after)


def counted(session: Session, now: datetime, after: timedelta) -> dict[str, int]:
    """How many handsets are of each state."""
    tallies = [func.count().label("all")] + [
        func.sum(case((_is(state, now, after), 1), else_=0)).label(state) for state in STATES[1:]
    ]
    query = select(*tallies).select_from(Handset).outerjoin(_DUTY, _DUTY.c.device == Handset.device)
    row = session.execute(query).one()
    return {state: int(getattr(row, state) or 0) for state in STATES}


def _wanted(work: UnitOfWork, order: DeviceOrder) -> Handset:
    allow(work, order.by, MANAGE)
    row = work.session.get(Handset, order.device, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("not-found", f"there is no handset {order.device[:60]!r}", "device")
    return row


def _devices() -> Select[Any]:
    login = (
        select(FieldLogin.device, FieldLogin.worker, FieldLogin.ends_at)
        .where(FieldLogin.ended_at.is_(None))
        .subquery()
    )
    holder = select(User.id, User.name).subquery()
    wiping = (
        select(func.max(FieldMessage.at))
        .join(FieldMessageCopy, FieldMessageCopy.message == FieldMessage.id)
        .where(FieldMessageCopy.device == Handset.device, *_wipes())
        .correlate(Handset)
        .scalar_subquery()
    )
    refused = (
        select(func.sum(Refusal.count))
        .where(Refusal.device == Handset.device)
        .correlate(Handset)
        .scalar_subquery()
    )
    return (
        select(
            Handset, User, _DUTY.c.started_at, holder.c.name.label("holder"), login.c.ends_at,
            wiping.label("wiping"), refused.label("refused"),
        )
        .join(User, User.id == Handset.worker)
        .outerjoin(_DUTY, _DUTY.c.device == Handset.device)
        .outerjoin(login, login.c.device == Handset.device)
        .outerjoin(holder, holder.c.id == login.c.worker)
    )  # fmt: skip


def _wipes() -> tuple[ColumnElement[bool], ...]:
    return FieldMessage.kind == WIPE, FieldMessageCopy.shown_at.is_(None)


def _is(state: str, now: datetime, after: timedelta) -> ColumnElement[bool]:
    """The handset (joined with the duty it is in) is of this state."""
    if state == "duty":
        return _DUTY.c.started_at.is_not(None)
    if state == "silent":  # as `silent_since` has it
        last = now - after
        quiet = or_(Handset.seen_at.is_(None), Handset.seen_at < last)
        return and_(_DUTY.c.started_at < last, quiet, ~Handset.blocked) if after > timedelta() else false()
    if state == "backlog":
        return Handset.backlog > 0
    if state == "blocked":
        return Handset.blocked.is_(True)
    waits = exists().where(
        FieldMessageCopy.message == FieldMessage.id, FieldMessageCopy.device == Handset.device, *_wipes()
    )
    return waits.correlate(Handset)


def _device(row: Any, now: datetime, after: timedelta) -> Device:
    handset: Handset = row.Handset
    silent = None if handset.blocked else silent_since(handset.seen_at, row.started_at, now, after)
    open_login = row.ends_at is not None and row.ends_at > now
    holder = (row.holder or "") if open_login else ""
    return Device(handset, row.User, holder, row.started_at, silent, row.wiping, int(row.refused or 0))
