"""Notices and platform messages as rows: who was told what, by which way, and how it came out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7


class Notice(Base):
    """One way in which one person is told of one fact. `kind` is of `schema.rules.notices`; `at` is the fact's time.

    `state`: waiting, sending (a runner has it until `next_try`), sent, failed, could-not; `why` a code or, from a mail
    server, its words. `subject` and `text` are in the receiver's language. Without a `receiver` it is a text message to
    a citizen, whose number is the `address`.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("fact", "receiver", "way"),
        Index("ix_notices_state_next_try", "state", "next_try"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    fact: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    case: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    receiver: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    made_at: Mapped[datetime]
    next_try: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class NoticeWishes(Base):
    """What somebody chose (see `schema.rules.notices.Wishes`); kinds by their names, in a list."""

    __tablename__ = "notice_wishes"

    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    mail: Mapped[list[Any]]
    sms: Mapped[list[Any]]
    quiet_from: Mapped[int] = mapped_column(default=0)
    quiet_to: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]


class Message(Base):
    """A platform message: from a person, or from the system (`sender` None) about a case.

    `thread` is the id of the message that began it. `to` is whom it was written to, as the sender chose them: a list of
    {"kind": user | group | department, "id", "name"}.
    """

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    thread: Mapped[UUID] = mapped_column(index=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    sender: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(20), default="")
    case: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    to: Mapped[list[Any]]
    at: Mapped[datetime]


class MessageCopy(Base):
    """A message in somebody's box, "in" or "sent"; one a person, box and message."""

    __tablename__ = "message_copies"
    __table_args__ = (Index("ix_message_copies_owner_box_message", "owner", "box", "message"),)

    message: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    owner: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    box: Mapped[str] = mapped_column(String(4), primary_key=True)
    read_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MessageGroup(Base):
    """A group that people write to; `members` are ids of users, as text."""

    __tablename__ = "message_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    members: Mapped[list[Any]]
    made_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class Announcement(Base):
    """Words on every page from a time until a time (公告); `id` is the order's."""

    __tablename__ = "announcements"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class AnnouncementRead(Base):
    """Somebody has read an announcement: it is not shown to them again."""

    __tablename__ = "announcement_reads"

    announcement: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    at: Mapped[datetime]
