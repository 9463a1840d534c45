"""What is live on the floor: a call, a seat, and the day's figures of a queue. Frozen where screens compare them.

Calls and seats are msgspec's structs: one is made anew for most facts, which takes a dataclass ten times as long.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from schema.ids import CallId, ContactId

HOLD = "hold"


class LiveCall(msgspec.Struct, frozen=True):
    """A call that is up. `since` is when its stage began; `waiting_since` when the caller first queued.

    `places` says where each leg is that was heard to go somewhere: a bridge's id, or "hold". `counted` is what the
    caller's present wait in `counted_in` came to: "" (not waiting in a line), waiting or answered.
    """

    call: CallId
    contact: ContactId
    number: str
    stage: str
    entered: datetime
    since: datetime
    direction: str = "in"
    queue: str = ""
    language: str = ""
    priority: int = 0
    returning: bool = False
    waiting_since: datetime | None = None
    channel: str = ""
    leg: str = ""
    seat: str = ""
    counted: str = ""
    counted_in: str = ""
    why: str = ""
    skills: str = ""
    purpose: str = "hotline"
    told: int | None = None
    places: dict[str, str] = {}
    parties: dict[str, str] = {}


class Consulted(msgspec.Struct, frozen=True):
    """Who a seat asks before it transfers: `target` "seat:102" or "number:…"; `state` ringing, talking or hold."""

    leg: str
    target: str
    state: str = "ringing"


class LiveSeat(msgspec.Struct, frozen=True):
    """An open seat. `paused` is the reason it takes no calls ("" when it does); the rest is what it is doing.

    `leg` is what it rings or talks on and `why` (queue, transfer, consult, out, internal, watch); `citizen` whether the
    citizen of its call hears it ("talking"), music ("hold") or neither. `watchers` are supervisors' seats, with a mode.
    `unrecorded`: its recording is paused, since `unrecorded_at`.
    `languages`, `skills` and `queues` are texts as in the fact SeatSkilled.
    """

    seat: str
    user: UUID
    name: str
    since: datetime
    reachable: bool = False
    paused: str = "opened"
    busy: str = ""
    call: CallId | None = None
    contact: ContactId | None = None
    number: str = ""
    language: str = ""
    idle_since: datetime | None = None
    opened: datetime | None = None
    leg: str = ""
    why: str = ""
    citizen: str = ""
    consult: Consulted | None = None
    conference: bool = False
    unrecorded: bool = False
    unrecorded_at: datetime | None = None
    watchers: dict[str, str] = {}
    wrap_until: datetime | None = None
    languages: str = ""
    skills: str = ""
    queues: str = ""

    @property
    def state(self) -> str:
        """talking, ringing, wrapup, unreachable, paused or ready: the first that holds."""
        if self.busy in ("talking", "ringing"):
            return self.busy
        if not self.reachable:
            return "unreachable"
        if self.busy == "wrapup":
            return "wrapup"
        return "paused" if self.paused else "ready"


@dataclass(slots=True)
class Figures:
    """One day's waits in one queue; `waiting` is counted, not derived, so that a break would show."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    called_back: int = 0
    waiting: int = 0

    @property
    def conserved(self) -> bool:
        """Whether every caller is accounted for."""
        return (
            self.offered == self.answered + self.abandoned + self.overflowed + self.called_back + self.waiting
        )

    def add(self, other: "Figures") -> None:
        """Add another's counts to these."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
