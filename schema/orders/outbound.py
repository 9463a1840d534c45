"""Orders about calls that we place: the do-not-call list (免打扰)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNumber(Order):
    """Put a number on the do-not-call list, `until` a time (None: without an end); `visit`: said during that visit."""

    number: str
    reason: str
    until: datetime | None = None
    visit: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftNumber(Order):
    """Take an `entry` off the do-not-call list."""

    entry: UUID
    reason: str
