"""The rule books of a site as rows: event categories, time limits, data dictionary; a version stays as it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class RulebookVersion(Base):
    """A version of a rule book, from 1; version 0 is what `schema.defaults` says. `order` is unique, `why` a remark."""

    __tablename__ = "rulebooks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    order: Mapped[UUID] = mapped_column(unique=True)
    why: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
