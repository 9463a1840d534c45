"""Orders about return visits (回访)."""

from uuid import UUID

from schema.ids import CaseId
from schema.orders.base import Order


class HandOutVisits(Order, frozen=True, kw_only=True):
    """Give `count` cases that are to be visited evenly to `agents`, those closed first in front."""

    agents: tuple[UUID, ...]
    count: int


class TakeVisit(Order, frozen=True, kw_only=True):
    """Take the next case that is to be visited, or `case`, oneself."""

    case: CaseId | None = None


class PutBackVisit(Order, frozen=True, kw_only=True):
    """Put a visit that is not over back among those to be handed out; its tries stay."""

    visit: UUID


class RecordTry(Order, frozen=True, kw_only=True):
    """What a try to reach the citizen came to: `result` of `schema.rules.visits.RESULTS`.

    Of a citizen who was reached: `reception` rates how the hotline received them, `rating` what the department did, 1
    (very satisfied) to 5, 0 not said; `solved` False opens the case again, and `text` says why. `block`: the citizen
    does not want to be called any more (免打扰).
    """

    visit: UUID
    result: str
    reception: int = 0
    rating: int = 0
    solved: bool = True
    text: str = ""
    block: bool = False


class SkipVisit(Order, frozen=True, kw_only=True):
    """Leave a visit for later without calling: it comes again within the hours. `reason` says why."""

    visit: UUID
    reason: str
