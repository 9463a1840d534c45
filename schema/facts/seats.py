"""Facts about seats."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CallId


class SeatFact(Fact, frozen=True, kw_only=True):
    """Something about one seat (`seat` is its extension, for example "101")."""

    seat: str
    node: str = ""


class SeatOpened(SeatFact, frozen=True, kw_only=True):
    """The PBX knows the seat: its endpoint exists with a fresh secret, and `user` sits there."""

    user: UUID
    name: str = ""


class SeatClosed(SeatFact, frozen=True, kw_only=True):
    """The seat's endpoint is gone from the PBX."""


class SeatReachable(SeatFact, frozen=True, kw_only=True):
    """The seat's softphone is registered."""


class SeatUnreachable(SeatFact, frozen=True, kw_only=True):
    """The seat's softphone is no longer registered."""


class SeatReady(SeatFact, frozen=True, kw_only=True):
    """The seat takes calls."""


class SeatPaused(SeatFact, frozen=True, kw_only=True):
    """The seat takes no calls, for a `reason` (a word from the dictionary: rest, training, "no answer" …)."""

    reason: str


class WrapUpStarted(SeatFact, frozen=True, kw_only=True):
    """The seat's talk is over and it writes up the call."""

    call: CallId


class WrapUpEnded(SeatFact, frozen=True, kw_only=True):
    """The seat is done with wrap-up (`by` agent or timer)."""

    by: str = "agent"


class WrapUpExtended(SeatFact, frozen=True, kw_only=True):
    """The agent asked for more time: wrap-up now ends `until`."""

    until: datetime


class SeatSkilled(SeatFact, frozen=True, kw_only=True):
    """What the seat can do from now on: languages and skills with levels 1 to 10, and the queues it serves.

    Each text is "name:level" pairs separated by blanks ("zh:10 en:4"); `queues` are names ("" means all).
    """

    languages: str = ""
    skills: str = ""
    queues: str = ""
