"""Recordings as rows: every answered leg has one, every file in the vault an owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId

SPOOL, KEPT, MISSING, ERASED = "spool", "kept", "missing", "erased"
STATES = (SPOOL, KEPT, MISSING, ERASED)
SIDES = ("mix", "citizen", "seat")


class Recording(Base):
    """One recorded leg: a mix and its two sides. `state` is of `STATES`; `reason` says why it is missing or erased, or
    why a message on the machine became no case.

    `sha256` is of the sound of the mix.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("node", "leg"),
        Index("ix_recordings_started_at", "started_at"),
        Index("ix_recordings_state_kept_at", "state", "kept_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    call: Mapped[UUID] = mapped_column(index=True)
    node: Mapped[str] = mapped_column(String(20))
    leg: Mapped[str] = mapped_column(String(40))
    seat: Mapped[str] = mapped_column(String(16), default="")
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")


class RecordingFile(Base):
    """One side's file in the vault: `path` on its shelf, `size` and `sha256` of the sound in it, `media` its type.

    `key` is the file's own key, wrapped by the site's (see `schema.sealing`); once it is "" nobody can ever hear the
    file again. `peaks` is the loudest of each of 1,000 equal pieces, a byte each (255: full scale).
    """

    __tablename__ = "recording_files"

    recording: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(8), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    media: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    peaks: Mapped[bytes] = mapped_column(LargeBinary)


class RecordingGap(Base):
    """Speech of one leg that was left out by order (sensitive data were said), from when to when, and by whose.

    `by_itself`: it ended because it was as long as a pause may be here, not by order.
    """

    __tablename__ = "recording_gaps"

    node: Mapped[str] = mapped_column(String(20), primary_key=True)
    leg: Mapped[str] = mapped_column(String(40), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime | None]
    seat: Mapped[str] = mapped_column(String(16), default="")
    by_itself: Mapped[bool] = mapped_column(default=False, server_default=false())


class RecordingNote(Base):
    """What somebody wrote at a time of a recording (`second`, from its beginning)."""

    __tablename__ = "recording_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    order: Mapped[UUID] = mapped_column(unique=True)
    recording: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), index=True)
    second: Mapped[float] = mapped_column(Float)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RecordingHold(Base):
    """A legal hold: nothing of this contact is erased until it is lifted."""

    __tablename__ = "recording_holds"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    order: Mapped[UUID] = mapped_column(unique=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(300))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lifted_at: Mapped[datetime | None]
