"""Subscriptions of other programs that are told by HTTP, and what is delivered to them, as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class Webhook(Base):
    """A subscription. `kind`: webhook (signed facts) or cti (Zammad's generic CTI); `form`: json or form.

    `events` are families and names of facts. Its secret is made of the site's and of `generation`, and stored nowhere;
    the one before signs too until `old_until`. `why` says why it is not active. Nothing is sent before `held_until`;
    one process at a time sends, until `claimed_until` at most; `failures` in a row nobody answered.
    """

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    form: Mapped[str] = mapped_column(String(4))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    generation: Mapped[int] = mapped_column(default=1)
    old_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    why: Mapped[str] = mapped_column(String(40), default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    held_until: Mapped[datetime]
    claimed_until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """A message for a subscription, `body` as it is sent. `state`: waiting, delivered, dead.

    `seq` is the fact's place in the published order, `key` its own id. The rest is of the last try: its `status` (None:
    no answer came), its time `ms`, an `excerpt` of the answer, and a `reason` in words. Tries count from `since`.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("hook", "key"),
        Index("ix_webhook_deliveries_due", "hook", "state", "next_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    hook: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    key: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(index=True)
    since: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    ms: Mapped[int | None]
    excerpt: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
