"""What other programs hold to work with Gridline, and the orders they gave, as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7


class ApiToken(Base):
    """A program's right to act for `user`, with `rights` and no others. Only the SHA-256 of its secret is kept.

    What it may is what it was given and the user's post still carries. It ends at `ends_at`, or when it is revoked.
    """

    __tablename__ = "tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    rights: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class ApiOrder(Base):
    """An order that a program gave under a key of its own (Idempotency-Key): the same key is the same order.

    `fingerprint` is the SHA-256 of what was asked; `seat`, `call` and `target` what it is about ("" or null: nothing).
    """

    __tablename__ = "token_orders"

    token: Mapped[UUID] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    order: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(40))
    seat: Mapped[str] = mapped_column(String(16), default="")
    call: Mapped[UUID | None]
    transfer: Mapped[UUID | None] = mapped_column(index=True)
    target: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(index=True)
