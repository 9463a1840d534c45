"""Calls that we place, as rows: the numbers that nobody is to call (免打扰)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class DoNotCall(Base):
    """Nobody calls this number to ask anything, until (None: without an end). Its id is that of the order.

    `number` as `schema.rules.dialgate.plain_number` gives it. `visit`: the citizen said so during that return visit.
    One that was lifted stays as it was, with who lifted it and why.
    """

    __tablename__ = "do_not_call"
    __table_args__ = (Index("ix_do_not_call_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime | None]
    visit: Mapped[UUID | None]
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str] = mapped_column(String(200), default="", server_default="")


class DoNotCallSpelling(Base):
    """A way in which the number of an entry may stand in a case ("+86138…", "0138…")."""

    __tablename__ = "do_not_call_spellings"

    entry: Mapped[UUID] = mapped_column(ForeignKey("do_not_call.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(28), primary_key=True, index=True)
