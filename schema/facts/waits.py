"""Facts about waiting: what callers were told, where they overflowed to, and call-backs that were promised."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.facts.calls import CallFact
from schema.ids import CallId


class WaitTold(CallFact, frozen=True, kw_only=True):
    """The caller was told a position and a waiting time. `seconds` is what was promised (-1: "no telling")."""

    position: int
    seconds: int


class CallOverflowed(CallFact, frozen=True, kw_only=True):
    """The caller left `queue` for elsewhere, unanswered. `to`: "queue:NAME", "message", "voicemail".

    `reason`: waited (longer than the service's limit), full, closed (night service) or holiday.
    """

    queue: str
    to: str
    reason: str


class CallBackAsked(CallFact, frozen=True, kw_only=True):
    """The caller wants to be called back at `number` and has confirmed it; nothing is promised yet."""

    number: str


class CallBackPromised(CallFact, frozen=True, kw_only=True):
    """The caller may hang up on the promise to be rung when their turn comes. `promise` is the call-back's id.

    `place` is when the wait began that goes on; `skills` as in `CallQueued`.
    """

    promise: UUID
    queue: str
    number: str
    language: str
    priority: int
    place: datetime
    expires: datetime
    skills: str = ""


class PromiseFact(Fact, frozen=True, kw_only=True):
    """Something about one promised call-back (`promise` its id)."""

    promise: UUID
    node: str = ""


class CallBackTried(PromiseFact, frozen=True, kw_only=True):
    """The promised call-back is being dialled: attempt number `attempt`, as call `call`, for seat `seat`."""

    call: CallId
    attempt: int
    seat: str = ""


class CallBackFailed(PromiseFact, frozen=True, kw_only=True):
    """An attempt failed for a `reason` (busy, no answer, unreachable, no seat); the next is `again` (None: none)."""

    reason: str
    again: datetime | None = None


class CallBackKept(PromiseFact, frozen=True, kw_only=True):
    """Citizen and seat talk: the promise is kept by call `call`."""

    call: CallId


class CallBackDropped(PromiseFact, frozen=True, kw_only=True):
    """The promise ends unkept: expired, cancelled (by a person), or "rang again" (call `call` has the place now)."""

    reason: str
    call: CallId | None = None
