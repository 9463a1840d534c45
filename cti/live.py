"""What is live on the floor: a call, a seat, and the day's figures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.ids import CallId, ContactId


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that is up. `since` is when its stage began; `waiting_since` when the caller first queued."""

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


@dataclass(frozen=True, slots=True)
class LiveSeat:
    """An open seat. `paused` is the reason it takes no calls ("" when it does); the rest is what it is doing."""

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
    """Counts of one day and queue-bound calls; `waiting` is counted, not derived, so that a break would show."""

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
