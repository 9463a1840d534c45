"""Orders about calls that we place: the do-not-call list (免打扰), and campaigns of return visits (回访任务)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCampaign(Order):
    """Pick closed cases by a rule (see `schema.rules.campaigns.Pick`; days as ISO dates) and hand them out to `agents`
    evenly or by skill, or let the voice script call (`way` auto). The campaign's id is the order's."""

    name: str
    first: str
    last: str
    seed: str
    way: str
    class_: str = ""
    category: str = ""
    department: UUID | None = None
    late: str = ""
    share: int = 100
    agents: tuple[UUID, ...] = ()
    service: str = ""
    at_once: int = 2
    per_minute: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCampaign(Order):
    """End a campaign: what is not finished goes back among the visits to be handed out."""

    campaign: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewVisit(Order):
    """A supervisor read the result of a visit: it passes, or is sent `again` to be called, and `text` says why."""

    visit: UUID
    again: bool = False
    text: str = ""
