"""Recordings as rows: every answered leg has one, every file an owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class Recording(Base):
    """One recorded leg: a mix and its two sides in the vault. `state` is spool, kept or missing.

    Paths are relative to the vault; hashes are SHA-256 of the file at rest.
    """

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("node", "leg"),)

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
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    mix: Mapped[str] = mapped_column(String(200), default="")
    citizen_side: Mapped[str] = mapped_column(String(200), default="")
    seat_side: Mapped[str] = mapped_column(String(200), default="")
    mix_sha256: Mapped[str] = mapped_column(String(64), default="")
    citizen_sha256: Mapped[str] = mapped_column(String(64), default="")
    seat_sha256: Mapped[str] = mapped_column(String(64), default="")
