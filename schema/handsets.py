"""Handsets, what they said (the inbox), duty, positions and media, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class Handset(Base):
    """An enrolled device. `secret` is the broker's hash of its password, never the password."""

    __tablename__ = "handsets"

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret: Mapped[str] = mapped_column(String(200))
    blocked: Mapped[bool] = mapped_column(default=False)
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class Duty(Base):
    """A span on duty of a worker with a device; `ended_at` null while it lasts."""

    __tablename__ = "duties"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str] = mapped_column(ForeignKey("handsets.device"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class InboxRow(Base):
    """One accepted message, keyed (device, id); `receipt` is what was and will be answered to it."""

    __tablename__ = "inbox"

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    receipt: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


class InboxConflict(Base):
    """A message that reused an id with another body: kept for review."""

    __tablename__ = "inbox_conflicts"

    key: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(String(40), index=True)
    id: Mapped[UUID]
    body_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Refusal(Base):
    """Refused messages, counted per device and code, with the last reason."""

    __tablename__ = "refusals"

    device: Mapped[str] = mapped_column(String(60), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    topic: Mapped[str] = mapped_column(String(120))
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Report(Base):
    """What a worker reported, `id` made on the handset. Times: `made_at` the handset's, `at` ours.

    `flag` says what is doubtful about it ("" nothing): "future" when the handset's clock was ahead of ours.
    """

    __tablename__ = "reports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    task: Mapped[UUID | None] = mapped_column(index=True)
    case: Mapped[UUID | None] = mapped_column(index=True)
    contact: Mapped[UUID | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    cell: Mapped[str] = mapped_column(String(15), default="")
    flag: Mapped[str] = mapped_column(String(20), default="", server_default="")
    made_at: Mapped[datetime]
    at: Mapped[datetime]


class Media(Base):
    """A photo or voice note: announced by its report, then filled chunk by chunk. `state`: due, whole, refused."""

    __tablename__ = "media"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    device: Mapped[str] = mapped_column(String(40))
    contact: Mapped[UUID | None]
    case: Mapped[UUID | None] = mapped_column(index=True)
    type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(200), default="")
    whole_at: Mapped[datetime | None]


class Position(Base):
    """A position on duty: raw as sent, `flag` says why it is not trusted ("" when it is)."""

    __tablename__ = "positions"
    __table_args__ = (Index("ix_positions_worker_fixed_at", "worker", "fixed_at"),)

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    fixed_at: Mapped[datetime] = mapped_column(primary_key=True)
    worker: Mapped[UUID]
    lon: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(8), default="gps")
    flag: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
