"""Alarms about room for recordings, as rows: one an episode, from the look that found too little to the one that found
enough again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class SpaceAlarm(Base):
    """Too little room at a place: `node` says whose, `what` is vault or spool; bytes `free` and in all, as last seen.

    `told_at` and `over_told_at`: notices were made of its beginning, and of its end.
    """

    __tablename__ = "space_alarms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    free: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[datetime | None]
    over_told_at: Mapped[datetime | None]
