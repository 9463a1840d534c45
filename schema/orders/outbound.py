"""Orders about calls that we place: the do-not-call list (免打扰), and campaigns of return visits (回访任务)."""

from datetime import datetime
from uuid import UUID

from schema.orders.base import Order


class BlockNumber(Order, frozen=True, kw_only=True):
    """Put a number on the do-not-call list, `until` a time (None: without an end); `visit`: said during that visit."""

    number: str
    reason: str
    until: datetime | None = None
    visit: UUID | None = None


class LiftNumber(Order, frozen=True, kw_only=True):
    """Take an `entry` off the do-not-call list."""

    entry: UUID
    reason: str


class MakeCampaign(Order, frozen=True, kw_only=True):
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


class CloseCampaign(Order, frozen=True, kw_only=True):
    """End a campaign: what is not finished goes back among the visits to be handed out."""

    campaign: UUID


class ReviewVisit(Order, frozen=True, kw_only=True):
    """A supervisor read the result of a visit: it passes, or is sent `again` to be called, and `text` says why."""

    visit: UUID
    again: bool = False
    text: str = ""
