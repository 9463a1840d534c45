"""The messages desk: people write to people, groups and departments; boxes, threads, what is read and thrown away.

Everybody reads what is in their own boxes and nothing else. All of them raise `Refused`: not-found, not-allowed,
bad-field. The same order again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.moves import allow, refuse_texts
from schema.desk.scope import departments_below
from schema.facts import MessageSent
from schema.ids import as_id, uuid7
from schema.notices import Message, MessageCopy, MessageGroup
from schema.orders import KeepGroup, SendMessage
from schema.people import Department, User
from schema.store import UnitOfWork

LONGEST = 4000
MOST_CHOSEN = 100
IN, SENT = "in", "sent"


@dataclass(frozen=True, slots=True)
class Row:
    """A message in one's box, with its sender's name ("" for the system)."""

    message: Message
    copy: MessageCopy
    sender: str


def send_message(work: UnitOfWork, order: SendMessage) -> Message:
    """Put a message into the boxes of all it is written to, each once, and into the sender's own."""
    allow(work, order.by, "message.send")
    done = work.session.scalar(select(Message).where(Message.order == order.order))
    if done is not None:
        if done.sender != order.by:
            raise Refused("bad-field", f"the order {order.order} was something else before", "order")
        return done
    refuse_texts(subject=(order.subject, 0 if order.reply else 1, 200), text=(order.text, 1, LONGEST))
    if not 0 < len(order.to) <= MOST_CHOSEN:
        raise Refused("bad-field", "choose somebody to write to", "to")
    thread, subject = _thread(work, order)
    names, people = receivers(work.session, order.to)
    people.discard(order.by) if len(people) > 1 and order.by is not None else None
    if not people:
        raise Refused("bad-field", "nobody there can read it", "to")
    message = Message(id=uuid7(), thread=thread, order=order.order, sender=order.by, subject=subject,
                      text=order.text.strip(), to=names, at=work.now)  # fmt: skip
    if thread is None:
        message.thread = message.id
    work.session.add(message)
    work.session.flush()
    work.session.add_all(MessageCopy(message=message.id, owner=owner, box=IN) for owner in sorted(people))
    if order.by is not None:
        work.session.add(MessageCopy(message=message.id, owner=order.by, box=SENT, read_at=work.now))
    work.emit(MessageSent(at=work.now, message=message.id, to=tuple(sorted(people))))
    return message


def receivers(session: Session, to: Iterable[str]) -> tuple[list[dict[str, Any]], set[UUID]]:
    """Whom these are ("user:ID", …): as they were chosen, and the active people. Raises Refused("bad-field")."""
    names: list[dict[str, Any]] = []
    people: set[UUID] = set()
    for one in dict.fromkeys(to):
        kind, _, text = one.partition(":")
        try:
            id = as_id(text)
        except ValueError as error:
            raise Refused("bad-field", f"{one[:60]!r} is nobody to write to", "to") from error
        name, members = _who(session, kind, id)
        names.append({"kind": kind, "id": str(id), "name": name})
        people |= members
    return names, people


def box_of(
    session: Session, owner: UUID, box: str, words: str = "", before: UUID | None = None, limit: int = 50
) -> list[Row]:
    """A page of one's box, newest first; `words` are looked for in subject, text and the sender's name."""
    chosen = _mine(owner).where(MessageCopy.box == box, MessageCopy.deleted_at.is_(None))
    for word in words.split()[:8]:
        chosen = chosen.where(_said(word))
    if before is not None:
        chosen = chosen.where(Message.id < before)
    return _rows(session, chosen.order_by(Message.id.desc()).limit(limit))


def thread_of(session: Session, owner: UUID, message: UUID) -> list[Row]:
    """The messages of a thread that are in one's boxes, oldest first. Raises Refused("not-found")."""
    thread = session.scalar(
        select(Message.thread)
        .join(MessageCopy, MessageCopy.message == Message.id)
        .where(Message.id == message, MessageCopy.owner == owner)
        .limit(1)
    )
    if thread is None:
        raise Refused("not-found", "there is no such message")
    rows = _rows(session, _mine(owner).where(Message.thread == thread).order_by(Message.id, MessageCopy.box))
    # One who wrote to a group they are in has it twice.
    return list({row.message.id: row for row in rows if row.copy.deleted_at is None}.values())


def unread(session: Session, owner: UUID) -> int:
    """How many are not read."""
    query = select(func.count()).where(
        MessageCopy.owner == owner,
        MessageCopy.box == IN,
        MessageCopy.read_at.is_(None),
        MessageCopy.deleted_at.is_(None),
    )
    return session.scalar(query) or 0


def mark_read(work: UnitOfWork, owner: UUID, messages: Iterable[UUID], read: bool = True) -> None:
    """These of one's box are read, or unread again."""
    _change(work, owner, messages, read_at=work.now if read else None)


def throw_away(work: UnitOfWork, owner: UUID, messages: Iterable[UUID], back: bool = False) -> None:
    """These are gone from one's boxes, or are back; nobody else's boxes change."""
    _change(work, owner, messages, deleted_at=None if back else work.now)


def keep_group(work: UnitOfWork, order: KeepGroup) -> MessageGroup | None:
    """Make or change a group; without members it is gone (None)."""
    allow(work, order.by, "message.group")
    refuse_texts(name=(order.name, 1, 60))
    group = work.session.get(MessageGroup, order.group or order.order, with_for_update=True)
    if group is None and order.group is not None:
        raise Refused("not-found", "there is no such group")
    twin = select(MessageGroup.id).where(MessageGroup.name == order.name.strip())
    if work.session.scalar(twin) not in (None, order.group or order.order):
        raise Refused("bad-field", "there is a group of this name", "name")
    members = work.session.scalars(select(User.id).where(User.id.in_(order.members), User.active)).all()
    if group is None:
        if not members:
            raise Refused("bad-field", "choose who is in it", "members")
        group = MessageGroup(id=order.order, name="", members=[], changed_at=work.now)
        work.session.add(group)
    elif not order.members:
        work.session.delete(group)
        return None
    group.name, group.members = order.name.strip(), sorted(str(id) for id in members)
    group.made_by, group.changed_at = order.by, work.now
    return group


def groups(session: Session) -> list[MessageGroup]:
    """Every group, by name."""
    return list(session.scalars(select(MessageGroup).order_by(MessageGroup.name)))


def _who(session: Session, kind: str, id: UUID) -> tuple[str, set[UUID]]:
    if kind == "user" and (user := session.get(User, id)) is not None and user.active:
        return user.name, {user.id}
    if kind == "group" and (group := session.get(MessageGroup, id)) is not None:
        ids = [UUID(member) for member in group.members]
        return group.name, set(session.scalars(select(User.id).where(User.id.in_(ids), User.active)))
    if kind == "department" and (department := session.get(Department, id)) is not None:
        below = departments_below(session, department.id)
        return department.name, set(
            session.scalars(select(User.id).where(User.department.in_(below), User.active))
        )
    raise Refused("bad-field", "there is nobody of that name to write to", "to")


def _thread(work: UnitOfWork, order: SendMessage) -> tuple[UUID | None, str]:
    if order.reply is None:
        return None, order.subject.strip()
    answered = thread_of(work.session, order.by, order.reply)[0].message if order.by is not None else None
    if answered is None:
        raise Refused("not-found", "there is no such message")
    return answered.thread, order.subject.strip() or answered.subject


def _mine(owner: UUID) -> Any:
    return (
        select(Message, MessageCopy, User.name)
        .join(MessageCopy, MessageCopy.message == Message.id)
        .outerjoin(User, User.id == Message.sender)
        .where(MessageCopy.owner == owner)
    )


def _rows(session: Session, chosen: Any) -> list[Row]:
    return [Row(message, copy, name or "") for message, copy, name in session.execute(chosen)]


def _said(word: str) -> ColumnElement[bool]:
    return or_(
        *(field.icontains(word, autoescape=True) for field in (Message.subject, Message.text, User.name))
    )


def _change(work: UnitOfWork, owner: UUID, messages: Iterable[UUID], **values: datetime | None) -> None:
    which = update(MessageCopy).where(MessageCopy.owner == owner, MessageCopy.message.in_(list(messages)))
    if "read_at" in values:
        which = which.where(MessageCopy.box == IN)
    work.session.execute(which.values(**values).execution_options(synchronize_session=False))
