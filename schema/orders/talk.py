"""Orders about the call a seat is in. `target` is "seat:102", "queue:NAME" or "number:+86…"."""

from dataclasses import dataclass

from schema.ids import CallId, CaseId
from schema.orders.base import Order
from schema.orders.seats import SeatOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut(SeatOrder):
    """Ring the seat (it answers by itself), then `target` ("number:…" or "seat:…"). The call's id is `order`.

    `service`: whose number the called telephone shows ("": the hotline's).
    """

    target: str
    case: CaseId | None = None
    purpose: str = "call-out"
    service: str = ""

    @property
    def call(self) -> CallId:
        """The id of the call this order makes."""
        return CallId(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class DictatePrompt(SeatOrder):
    """Ring the seat and record what is said there, as the prompt `name` in `language`. The call's id is `order`, and so
    is the file's name. `spoken` is the language in which whoever speaks is told how.
    """

    language: str
    name: str
    spoken: str = "zh"

    @property
    def call(self) -> CallId:
        """The id of the call this order makes."""
        return CallId(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(SeatOrder):
    """Let the other party hear music; nobody hears the seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(SeatOrder):
    """Take the party that is on hold back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording(SeatOrder):
    """Record nothing of the call until told: what is said now must not be kept (a card's number)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording(SeatOrder):
    """Record the call again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(SeatOrder):
    """Send the citizen to `target` at once (blind); the seat is free."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult(SeatOrder):
    """Put the citizen on hold and ring `target` ("seat:…" or "number:…") to ask first."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap(SeatOrder):
    """Hold the one and talk to the other, of citizen and consulted party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTransfer(SeatOrder):
    """Join citizen and consulted party; the seat leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConsult(SeatOrder):
    """Let the consulted party go and take the citizen back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference(SeatOrder):
    """Join citizen, consulted party and seat (三方通话). When the seat leaves all are released."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDigits(SeatOrder):
    """Send DTMF (0-9*#A-D, at most 32) to the party the seat talks with."""

    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverCall(SeatOrder):
    """The seat's page was loaded anew in the middle of a call: ring it again with that call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCallBack(Order):
    """Drop a promised call-back (`promise` its id)."""

    promise: CallId
