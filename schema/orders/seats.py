"""Orders about one seat: open and close it, let calls come or not."""

from uuid import UUID

from schema.ids import CallId
from schema.orders.base import Order


class SeatOrder(Order, frozen=True, kw_only=True):
    """Something wanted of one seat. `during`: only while it is in that call, which may be over when the turn comes."""

    seat: str
    during: CallId | None = None


class OpenSeat(SeatOrder, frozen=True, kw_only=True):
    """Make the seat's endpoint. `digest` is the SIP HA1 (RFC 2617: MD5 of user:realm:secret), never the secret.

    `webrtc`: for the browser's softphone; False makes it for an ordinary SIP telephone.
    """

    user: UUID
    name: str
    digest: str
    language: str = "zh"
    webrtc: bool = True


class CloseSeat(SeatOrder, frozen=True, kw_only=True):
    """Take the seat's endpoint away."""


class MakeReady(SeatOrder, frozen=True, kw_only=True):
    """Let calls come to the seat (示闲); also ends wrap-up."""


class Pause(SeatOrder, frozen=True, kw_only=True):
    """Let no calls come to the seat (示忙), for a reason."""

    reason: str


class HangUpSeat(SeatOrder, frozen=True, kw_only=True):
    """End the seat's present call."""


class ExtendWrapUp(SeatOrder, frozen=True, kw_only=True):
    """Give the seat `seconds` more for writing up the last call (1 to 600)."""

    seconds: int = 60


class SkillSeat(SeatOrder, frozen=True, kw_only=True):
    """What the seat can do from now on, as in the fact `SeatSkilled`."""

    languages: str = ""
    skills: str = ""
    queues: str = ""


class PickCaller(SeatOrder, frozen=True, kw_only=True):
    """The agent picks a waiting caller from the list (来电号码队列)."""

    call: CallId
