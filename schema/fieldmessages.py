"""Words between the office and the street, versions of reports, and messages nobody could take, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class FieldMessage(Base):
    """A message down to handsets. `kind`: text, wipe (forget everything), blocked (you are let in no more).

    `to` is how it was addressed, as the office's messages have it: [{"kind", "id", "name"}, …]. After `expires_at`
    it goes to nobody who has not seen it.
    """

    __tablename__ = "field_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    to: Mapped[list[Any]]
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]


class FieldMessageCopy(Base):
    """A message's way to one worker (on whatever device they hold) or to one device; `shown_at` null until seen."""

    __tablename__ = "field_message_copies"
    __table_args__ = (
        UniqueConstraint("message", "worker", "device"),
        Index("ix_field_message_copies_worker_shown_at", "worker", "shown_at"),
        Index("ix_field_message_copies_device_shown_at", "device", "shown_at"),
    )

    key: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    message: Mapped[UUID] = mapped_column(ForeignKey("field_messages.id"))
    worker: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    device: Mapped[str] = mapped_column(String(40), default="", server_default="")
    sent_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    shown_on: Mapped[str] = mapped_column(String(40), default="", server_default="")


class FieldNote(Base):
    """Words of a worker to the dispatch desk; `id` made on the handset. Times as `Report` has them."""

    __tablename__ = "field_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    flag: Mapped[str] = mapped_column(String(20), default="", server_default="")
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(index=True)
    read_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    read_at: Mapped[datetime | None]


class ReportVersion(Base):
    """An edit of a report; the report itself is version 1 and is never changed. `id` made on the handset.

    `base` is the version it was made from. `state`: kept (it is `version`), conflict (a newer one was there
    already: kept beside, `version` null), taken (a conflict that somebody made `version`), left (one that nobody did).
    """

    __tablename__ = "report_versions"
    __table_args__ = (
        UniqueConstraint("report", "version"),
        Index("ix_report_versions_state_at", "state", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    version: Mapped[int | None]
    base: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    device: Mapped[str] = mapped_column(String(40))
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    cell: Mapped[str] = mapped_column(String(15), default="", server_default="")
    flag: Mapped[str] = mapped_column(String(20), default="", server_default="")
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    at: Mapped[datetime]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime | None]


class Poison(Base):
    """A message that failed every time it was tried, set aside whole, once, with the reason; `count` is how often.

    The handset was told `failed` and has it still. `id` is the message's, if it could be read.
    """

    __tablename__ = "poisons"

    key: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(String(60), index=True)
    topic: Mapped[str] = mapped_column(String(120))
    id: Mapped[UUID | None]
    body_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(300))
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime | None]
