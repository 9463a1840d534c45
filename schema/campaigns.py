"""Return-visit campaigns (回访任务) as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class Campaign(Base):
    """A campaign: its visits name it. The id is that of the order; `rule` is a `schema.rules.campaigns.Pick` as JSON.

    `picked` cases were picked with the `seed`, `left` says how many others were left out and why. `way`: evenly, skill,
    auto; of the last `at_once` and `per_minute` bound the calls. `unfinished`: visits that its end gave back.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    rule: Mapped[dict[str, Any]]
    seed: Mapped[str] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(10))
    service: Mapped[str] = mapped_column(String(40), default="")
    at_once: Mapped[int]
    per_minute: Mapped[int]
    picked: Mapped[int]
    left: Mapped[dict[str, Any]]
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    unfinished: Mapped[int] = mapped_column(default=0)


class VisitReview(Base):
    """A supervisor's look at the result of a visit: passed, or sent `again` to be called; the table only grows."""

    __tablename__ = "visit_reviews"

    order: Mapped[UUID] = mapped_column(primary_key=True)
    visit: Mapped[UUID] = mapped_column(index=True)
    again: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[UUID | None]
    at: Mapped[datetime]
