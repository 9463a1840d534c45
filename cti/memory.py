"""What hearing remembers of one node: which leg is of which call, and where the call is. Restored from the rows."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from schema.ids import CallId, ContactId
from schema.rules.stages import after

GONE_KEPT = 2000


@dataclass(slots=True)
class Leg:
    """A channel we know: the citizen's or a seat's (`kind`), of one call. `failed`: it rang and was not taken."""

    call: CallId
    contact: ContactId
    kind: str
    seat: str = ""
    recording: str = ""
    answered: bool = False
    failed: bool = False


@dataclass(slots=True)
class Call:
    """A call as far as hearing needs it. `leg` is the citizen's; `rang` the last leg that rang, by seat.

    `first_out` is the leg that went first.
    """

    contact: ContactId
    stage: str
    leg: str
    direction: str
    entered: datetime
    answered: bool = False
    first_out: str = ""
    rang: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """Calls, legs by uniqueid, who sits where, and where softphones are registered. Never cleared."""

    calls: dict[CallId, Call] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    contacts: dict[str, set[str]] = field(default_factory=dict)
    booted: datetime | None = None
    gone: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def forget_leg(self, uniqueid: str) -> None:
        """Remember that a channel is over, so that a late word about it does not bring it back."""
        self.gone[uniqueid] = None
        while len(self.gone) > GONE_KEPT:
            self.gone.popitem(last=False)

    def move(self, call: CallId, event: str) -> bool:
        """Move a call on by the table of stages; False when `event` means nothing where it is."""
        state = self.calls[call]
        stage = after(state.stage, event)
        if stage is not None:
            state.stage = stage
        return stage is not None
