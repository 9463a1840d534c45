"""Facts about seats."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFact(Fact):
    """Something about one seat (`seat` is its extension, for example "101")."""

    seat: str
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOpened(SeatFact):
    """The PBX knows the seat: its endpoint exists with a fresh secret, and `user` sits there."""

    user: UUID
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatClosed(SeatFact):
    """The seat's endpoint is gone from the PBX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReachable(SeatFact):
    """The seat's softphone is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatUnreachable(SeatFact):
    """The seat's softphone is no longer registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReady(SeatFact):
    """The seat takes calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPaused(SeatFact):
    """The seat takes no calls, for a `reason` (a word from the dictionary: rest, training, "no answer" …)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpStarted(SeatFact):
    """The seat's talk is over and it writes up the call."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded(SeatFact):
    """The seat is done with wrap-up (`by` agent or timer)."""

    by: str = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended(SeatFact):
    """The agent asked for more time: wrap-up now ends `until`."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSkilled(SeatFact):
    """What the seat can do from now on: languages and skills with levels 1 to 10, and the queues it serves.

    Each text is "name:level" pairs separated by blanks ("zh:10 en:4"); `queues` are names ("" means all).
    """

    languages: str = ""
    skills: str = ""
    queues: str = ""
