"""Canned replies (常用语) as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class Phrase(Base):
    """A text that is put in by its short code; `owner` None: everybody's. `id` is that of the order that made it.

    One's own comes before everybody's of the same code. `place` is its order in the list. What is thrown away keeps
    `deleted_at`, so that it can be taken back.
    """

    __tablename__ = "phrases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[int]
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
