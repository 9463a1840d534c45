"""Prompts that are spoken into a telephone, as rows: who was rung, for what, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base

ASKED, KEPT, REFUSED = "asked", "kept", "refused"


class Dictation(Base):
    """One telephone that was rung for one prompt. `id` is the order's, the call's, and the name of the file.

    `state`: asked, kept or refused; `why` it was refused, in one word (see `conf.sound.NotForTelephone`, and nothing).
    `seconds` is how long it lasted as it was spoken.
    """

    __tablename__ = "dictations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    seat: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="")
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    settled_at: Mapped[datetime | None]
