"""What hearing remembers of one node: which leg is of which call, and where the call is. Restored from the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from schema.ids import CallId, ContactId
from schema.rules.stages import after

GONE_KEPT = 2000


@dataclass(slots=True)
class Leg:
    """A channel we know, of one call; `kind` is citizen, seat, party or watcher. `failed`: it rang and was not taken.

    `why` it rang: queue, transfer, consult, out, internal, watch, prompt or visit; `by` the seat that asked for it.
    `bridge` is the one it is in, and `room` whether that one is for more than two. A watcher's `mode` is listen,
    whisper or barge, over the seat `watched`. `reached`: the call that this seat's leg placed was taken.
    `recording` is the name of its recording; `unrecorded`: that one is paused, since
    `unrecorded_at`; `goes_on`: it is about to be resumed because the pause was too long.
    """

    call: CallId
    contact: ContactId
    kind: str
    seat: str = ""
    recording: str = ""
    unrecorded: bool = False
    unrecorded_at: datetime | None = None
    goes_on: bool = False
    answered: bool = False
    failed: bool = False
    channel: str = ""
    why: str = "queue"
    by: str = ""
    number: str = ""
    bridge: str = ""
    held: bool = False
    mode: str = ""
    watched: str = ""
    reached: bool = False
    room: bool = False


@dataclass(slots=True)
class Call:
    """A call as far as hearing needs it. `leg` is the citizen's; `rang` the last leg that rang, by seat.

    `first_out` is the leg that went first. `why` is for what the next seat rings (queue, or the way of a transfer).
    `far` is the seat on another PBX that is
    about to ring. `settled` says that the caller left the line for a message ("overflow") or a promise ("callback").
    `left_by` is the seat that was with the citizen last; `left_user` who sat there when the citizen was asked.
    """

    contact: ContactId
    stage: str
    leg: str
    direction: str
    entered: datetime
    answered: bool = False
    first_out: str = ""
    rang: dict[str, str] = field(default_factory=dict)
    why: str = "queue"
    purpose: str = "hotline"
    settled: str = ""
    far: str = ""
    far_user: UUID | None = None
    left_by: str = ""
    left_user: UUID | None = None


class Legs(dict[str, Leg]):
    """Legs by uniqueid, and which are whose: with hundreds up, nobody looks through all of them for each event."""

    def __init__(self, legs: Mapping[str, Leg] = MappingProxyType({})) -> None:
        super().__init__()
        self._calls: dict[CallId, dict[str, None]] = {}
        for uniqueid, leg in legs.items():
            self[uniqueid] = leg

    def __setitem__(self, uniqueid: str, leg: Leg) -> None:
        if uniqueid in self:
            del self[uniqueid]
        super().__setitem__(uniqueid, leg)
        self._calls.setdefault(leg.call, {})[uniqueid] = None

    def __delitem__(self, uniqueid: str) -> None:
        self.pop(uniqueid)

    def pop(self, uniqueid: str) -> Leg:  # type: ignore[override]
        """Forget a leg. Raises KeyError."""
        leg = super().pop(uniqueid)
        of_call = self._calls[leg.call]
        del of_call[uniqueid]
        if not of_call:
            del self._calls[leg.call]
        return leg

    def of(self, call: CallId) -> dict[str, Leg]:
        """The legs of a call."""
        return {uniqueid: self[uniqueid] for uniqueid in self._calls.get(call, ())}


@dataclass(slots=True)
class Memory:
    """Calls, legs by uniqueid, who sits where, and where softphones are registered. Never cleared.

    `heard` is when the PBX last said something of these, `booted` since when it lives.
    """

    calls: dict[CallId, Call] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=Legs)
    users: dict[str, UUID] = field(default_factory=dict)
    contacts: dict[str, set[str]] = field(default_factory=dict)
    booted: datetime | None = None
    heard: datetime | None = None
    gone: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.legs = Legs(self.legs)  # also of what a checkpoint kept

    def forget_leg(self, uniqueid: str) -> None:
        """Remember that a channel is over, so that a late word about it does not bring it back."""
        self.gone[uniqueid] = None
        while len(self.gone) > GONE_KEPT:
            del self.gone[next(iter(self.gone))]

    def move(self, call: CallId, event: str) -> bool:
        """Move a call on by the table of stages; False when `event` means nothing where it is."""
        state = self.calls[call]
        stage = after(state.stage, event)
        if stage is not None:
            state.stage = stage
        return stage is not None

    def of_call(self, call: CallId) -> dict[str, Leg]:
        """The legs of a call, by uniqueid."""
        assert isinstance(self.legs, Legs)
        return self.legs.of(call)

    def at_seat(self, seat: str) -> tuple[str, Leg] | None:
        """The leg that a seat talks on (not one that only rings, nor a supervisor's ear)."""
        found = [
            (uniqueid, leg)
            for uniqueid, leg in self.legs.items()
            if leg.seat == seat and leg.kind == "seat" and leg.answered
        ]
        return found[-1] if found else None
