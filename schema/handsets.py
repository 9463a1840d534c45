"""Handsets, what they said (the inbox), duty, and media, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class Handset(Base):
    """An enrolled device. `secret` is the broker's hash of its password, never the password.

    `key` is its public key (Ed25519, 32 bytes): with one, every message has to be signed; revoked, none is taken until
    it is enrolled anew. What it says of itself, as of `status_at` (None: not said): `battery` 0–100, `charging`, the
    `version` of its program, its `backlog` (messages that wait there), `free_mb`. `wiped_at`: it said that it forgot
    everything. `silent_at`: when people were told that nothing was heard of it.
    """

    __tablename__ = "handsets"

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret: Mapped[str] = mapped_column(String(200))
    blocked: Mapped[bool] = mapped_column(default=False)
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_revoked_at: Mapped[datetime | None]
    battery: Mapped[int | None]
    charging: Mapped[bool | None]
    version: Mapped[str] = mapped_column(String(20), default="", server_default="")
    backlog: Mapped[int | None]
    free_mb: Mapped[int | None]
    status_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]
    silent_at: Mapped[datetime | None]


class Duty(Base):
    """A span on duty of a worker with a device; `ended_at` null while it lasts."""

    __tablename__ = "duties"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str] = mapped_column(ForeignKey("handsets.device"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class InboxRow(Base):
    """One accepted message, keyed (device, id); `receipt` is what was and will be answered to it, `seq` its number."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_device_seq", "device", "seq"),)

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    receipt: Mapped[dict[str, Any]]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)


class InboxConflict(Base):
    """A message that reused an id with another body: kept for review, settled when somebody has looked."""

    __tablename__ = "inbox_conflicts"

    key: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(String(40), index=True)
    id: Mapped[UUID]
    body_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime | None]


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
    """What a worker reported, `id` made on the handset; never changed. `version` is the newest (`ReportVersion`).

    Times: `made_at` when it was made, `at` when it came. `flag` says what is doubtful about it ("" nothing): "clock"
    when the handset's clock was wrong, then `told_at` is what that said and `made_at` what was made of it; "future"
    when it was ahead of ours and nothing told by how much.
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
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    at: Mapped[datetime]


class Media(Base):
    """A photo or voice note: announced by its report, then filled chunk by chunk. `state`: due, whole, refused.

    `kind`: photo, voice, or thumb, a small picture of the photo `of` (None: of which was not said) that comes first.
    `edit`: the edit of the report that announced it, if it was not the report itself.
    """

    __tablename__ = "media"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report: Mapped[UUID] = mapped_column(ForeignKey("reports.id"), index=True)
    device: Mapped[str] = mapped_column(String(40))
    contact: Mapped[UUID | None]
    case: Mapped[UUID | None] = mapped_column(index=True)
    type: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8), default="photo", server_default="photo")
    of: Mapped[UUID | None]
    edit: Mapped[UUID | None]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(200), default="")
    whole_at: Mapped[datetime | None]
