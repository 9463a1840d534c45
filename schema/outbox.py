"""The outbox: every fact and order, written in the transaction that made it true, then carried by the bus."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class OutboxRow(Base):
    """One message. `seq` is its place in the published order, given by the relay; null until then."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_seq", "seq", unique=True), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    seq: Mapped[int | None] = mapped_column(BigId)
    key: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(40))
    contact: Mapped[UUID | None]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class BusCursor(Base):
    """How far one group of listeners has handled the published order."""

    __tablename__ = "bus_cursors"

    group: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigId, default=0)


class DeadLetter(Base):
    """A message that a group could not handle after the allowed tries, kept with the reason."""

    __tablename__ = "dead_letters"
    __table_args__ = (UniqueConstraint("group", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    group: Mapped[str] = mapped_column(String(60))
    key: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]


class OrderRow(Base):
    """Progress of an order that another room carries out: intent → sent → observed | failed."""

    __tablename__ = "orders"

    order: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), index=True)
    by: Mapped[UUID | None]
    contact: Mapped[UUID | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
