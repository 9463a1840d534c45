"""The street's messages: from the office to workers and handsets, and words of workers back to the desk.

Whoever writes needs the right "message.send". A message to a group or a department goes to the grid workers in it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.handsets import Speaker
from schema.desk.messages import receivers
from schema.desk.moves import allow, refuse_texts
from schema.facts import FieldMessageSent, FieldNoteReceived
from schema.fieldmessages import FieldMessage, FieldMessageCopy, FieldNote
from schema.handsets import Handset
from schema.ids import uuid7
from schema.notices import Notice
from schema.orders import SendFieldMessage
from schema.people import User
from schema.rules.notices import STREET_TEXT
from schema.store import UnitOfWork

LONGEST = 2000
"""Characters: a message is read on a small screen, over a slow line."""
LONGEST_SMS = 500
TEXT, WIPE, BLOCKED = "text", "wipe", "blocked"


def send_field_message(work: UnitOfWork, order: SendFieldMessage) -> FieldMessage:
    """Send words to grid workers: people, groups, departments ("user:ID", "group:ID", "department:ID"), each once.

    The same order again changes nothing. Raises Refused: not-allowed, bad-field.
    """
    allow(work, order.by, "message.send")
    done = work.session.get(FieldMessage, order.order)
    if done is not None:
        if done.by != order.by or done.kind != TEXT:
            raise Refused("bad-field", f"the order {order.order} was something else before", "order")
        return done
    refuse_texts(title=(order.title, 0, 120), text=(order.text, 1, LONGEST_SMS if order.sms else LONGEST))
    if not order.to:
        raise Refused("bad-field", "choose somebody to write to", "to")
    if order.expires is not None and order.expires <= work.now:
        raise Refused("bad-field", "it would be over before it is sent", "expires")
    names, people = receivers(work.session, order.to)
    workers = list(
        work.session.scalars(
            select(User.id).where(User.id.in_(people), User.post == "worker", User.active).order_by(User.id)
        )
    )
    if not workers:
        raise Refused("bad-field", "no grid worker is among them", "to")
    message = FieldMessage(id=order.order, kind=TEXT, by=order.by, to=names, title=order.title.strip(),
                           text=order.text.strip(), at=work.now, expires_at=order.expires)  # fmt: skip
    work.session.add(message)
    work.session.flush()
    work.session.add_all(FieldMessageCopy(message=message.id, worker=worker) for worker in workers)
    if order.sms:
        _text(work, message, workers)
    work.emit(FieldMessageSent(at=work.now, message=message.id, workers=tuple(workers)))
    return message


def _text(work: UnitOfWork, message: FieldMessage, workers: Iterable[UUID]) -> None:
    """The same words to each one's telephone; who has none is on the list of notices with that reason."""
    text = f"{message.title}\n{message.text}" if message.title else message.text
    for user in work.session.scalars(select(User).where(User.id.in_(list(workers)))):
        goes = bool(user.mobile)
        work.session.add(
            Notice(
                fact=message.id, kind=STREET_TEXT, case=None, receiver=user.id, way="sms", address=user.mobile,
                language=user.language, subject="", text=text, state="waiting" if goes else "could-not",
                why="" if goes else "no-mobile", at=work.now, made_at=work.now,
                next_try=work.now if goes else None, done_at=None if goes else work.now,
            )
        )  # fmt: skip


def texts_of(session: Session, message: UUID) -> dict[UUID, Notice]:
    """The text messages of a message, by worker."""
    query = select(Notice).where(Notice.fact == message, Notice.way == "sms")
    return {one.receiver: one for one in session.scalars(query) if one.receiver is not None}


def tell_device(work: UnitOfWork, device: str, kind: str, *, by: UUID | None) -> FieldMessage:
    """Tell a handset to forget everything (`WIPE`), or that it is let in no more (`BLOCKED`).

    While one of the kind waits for it, that one counts. Who may do so is for the page to ask.
    Raises Refused("not-found").
    """
    if work.session.get(Handset, device) is None:
        raise Refused("not-found", f"there is no handset {device[:60]!r}", "device")
    waiting = work.session.scalar(
        select(FieldMessage)
        .join(FieldMessageCopy, FieldMessageCopy.message == FieldMessage.id)
        .where(
            FieldMessageCopy.device == device, FieldMessage.kind == kind, FieldMessageCopy.shown_at.is_(None)
        )
        .limit(1)
    )
    if waiting is not None:
        return waiting
    to = [{"kind": "device", "id": device, "name": device}]
    message = FieldMessage(id=uuid7(), kind=kind, by=by, to=to, at=work.now, expires_at=None)
    work.session.add(message)
    work.session.flush()
    work.session.add(FieldMessageCopy(message=message.id, worker=None, device=device))
    work.emit(FieldMessageSent(at=work.now, message=message.id, device=device))
    return message


def message_shown(work: UnitOfWork, speaker: Speaker, message: UUID, made: datetime) -> None:
    """The handset showed the message, or did what it says. Raises Refused("unknown-message")."""
    copies = work.session.scalars(
        select(FieldMessageCopy)
        .where(FieldMessageCopy.message == message, _for(speaker.device, [speaker.worker]))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not copies:
        raise Refused("unknown-message", f"there is no message {message} for this handset", "message")
    sent = work.session.get_one(FieldMessage, message)
    for copy in copies:
        if copy.shown_at is None:
            copy.shown_at, copy.shown_on = min(max(made, sent.at), work.now), speaker.device
    if sent.kind == WIPE:
        work.session.get_one(Handset, speaker.device).wiped_at = work.now


def message_sent(work: UnitOfWork, message: UUID, device: str, workers: Iterable[UUID]) -> None:
    """The broker took the message for a device; told once."""
    query = select(FieldMessageCopy).where(FieldMessageCopy.message == message, _for(device, workers))
    for copy in work.session.scalars(query.where(FieldMessageCopy.sent_at.is_(None))):
        copy.sent_at = work.now


def messages_for(
    session: Session, device: str, workers: Iterable[UUID], now: datetime
) -> list[tuple[FieldMessage, str]]:
    """What a device has not shown yet, oldest first, each with who wrote it ("" the system); nothing that is over."""
    query = (
        select(FieldMessage, User.name)
        .join(FieldMessageCopy, FieldMessageCopy.message == FieldMessage.id)
        .outerjoin(User, User.id == FieldMessage.by)
        .where(_for(device, workers), *_waiting(now))
        .order_by(FieldMessage.at, FieldMessage.id)
    )
    return [(row.FieldMessage, row.name or "") for row in session.execute(query)]


def waiting_for_words(session: Session, now: datetime) -> tuple[set[UUID], set[str]]:
    """The workers, and the devices, that have a message to be shown."""
    query = (
        select(FieldMessageCopy.worker, FieldMessageCopy.device)
        .join(FieldMessage, FieldMessage.id == FieldMessageCopy.message)
        .where(*_waiting(now))
        .distinct()
    )
    rows = session.execute(query).all()
    return {row.worker for row in rows if row.worker is not None}, {row.device for row in rows if row.device}


def take_note(
    work: UnitOfWork,
    speaker: Speaker,
    *,
    id: UUID,
    text: str,
    made: datetime,
    told: datetime | None,
    flag: str,
) -> None:
    """Keep a worker's words to the dispatch desk. Raises Refused("id-taken")."""
    if work.session.get(FieldNote, id) is not None:
        raise Refused("id-taken", f"another note has the id {id}", "id")
    work.session.add(
        FieldNote(id=id, device=speaker.device, worker=speaker.worker, text=text, flag=flag, made_at=made,
                  told_at=told, at=work.now)
    )  # fmt: skip
    work.emit(FieldNoteReceived(at=work.now, note=id, worker=speaker.worker, device=speaker.device))


def read_note(work: UnitOfWork, note: UUID, by: UUID) -> FieldNote:
    """Somebody of the desk has read it; the first one counts. Raises Refused("not-found")."""
    row = work.session.get(FieldNote, note, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("not-found", "there is no such note")
    if row.read_at is None:
        row.read_by, row.read_at = by, work.now
    return row


def _for(device: str, workers: Iterable[UUID]) -> ColumnElement[bool]:
    to_worker = and_(FieldMessageCopy.device == "", FieldMessageCopy.worker.in_(list(workers)))
    return or_(FieldMessageCopy.device == device, to_worker)


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    in_time = or_(FieldMessage.expires_at.is_(None), FieldMessage.expires_at > now)
    return FieldMessageCopy.shown_at.is_(None), in_time
