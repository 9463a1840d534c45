"""Orders about one seat: open and close it, let calls come or not."""

from dataclasses import dataclass
from uuid import UUID

from schema.ids import CallId
from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOrder(Order):
    """Something wanted of one seat. `during`: only while it is in that call, which may be over when the turn comes."""

    seat: str
    during: CallId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSeat(SeatOrder):
    """Make the seat's endpoint. `digest` is the SIP HA1 (RFC 2617: MD5 of user:realm:secret), never the secret.

    `webrtc`: for the browser's softphone; False makes it for an ordinary SIP telephone.
    """

    user: UUID
    name: str
    digest: str
    language: str = "zh"
    webrtc: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSeat(SeatOrder):
    """Take the seat's endpoint away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeReady(SeatOrder):
    """Let calls come to the seat (示闲); also ends wrap-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(SeatOrder):
    """Let no calls come to the seat (示忙), for a reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpSeat(SeatOrder):
    """End the seat's present call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendWrapUp(SeatOrder):
    """Give the seat `seconds` more for writing up the last call (1 to 600)."""

    seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSeat(SeatOrder):
    """What the seat can do from now on, as in the fact `SeatSkilled`."""

    languages: str = ""
    skills: str = ""
    queues: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickCaller(SeatOrder):
    """The agent picks a waiting caller from the list (来电号码队列)."""

    call: CallId
