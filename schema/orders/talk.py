"""Orders about the call a seat is in. `target` is "seat:102", "queue:NAME" or "number:+86…"."""

from schema.ids import CallId, CaseId
from schema.orders.base import Order
from schema.orders.seats import SeatOrder


class CallOut(SeatOrder, frozen=True, kw_only=True):
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


class DictatePrompt(SeatOrder, frozen=True, kw_only=True):
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


class Hold(SeatOrder, frozen=True, kw_only=True):
    """Let the other party hear music; nobody hears the seat."""


class Resume(SeatOrder, frozen=True, kw_only=True):
    """Take the party that is on hold back."""


class PauseRecording(SeatOrder, frozen=True, kw_only=True):
    """Record nothing of the call until told: what is said now must not be kept (a card's number)."""


class ResumeRecording(SeatOrder, frozen=True, kw_only=True):
    """Record the call again."""


class Transfer(SeatOrder, frozen=True, kw_only=True):
    """Send the citizen to `target` at once (blind); the seat is free."""

    target: str


class Consult(SeatOrder, frozen=True, kw_only=True):
    """Put the citizen on hold and ring `target` ("seat:…" or "number:…") to ask first."""

    target: str


class Swap(SeatOrder, frozen=True, kw_only=True):
    """Hold the one and talk to the other, of citizen and consulted party."""


class CompleteTransfer(SeatOrder, frozen=True, kw_only=True):
    """Join citizen and consulted party; the seat leaves."""


class CancelConsult(SeatOrder, frozen=True, kw_only=True):
    """Let the consulted party go and take the citizen back."""


class Conference(SeatOrder, frozen=True, kw_only=True):
    """Join citizen, consulted party and seat (三方通话). When the seat leaves all are released."""


class SendDigits(SeatOrder, frozen=True, kw_only=True):
    """Send DTMF (0-9*#A-D, at most 32) to the party the seat talks with."""

    digits: str


class RecoverCall(SeatOrder, frozen=True, kw_only=True):
    """The seat's page was loaded anew in the middle of a call: ring it again with that call."""


class CancelCallBack(Order, frozen=True, kw_only=True):
    """Drop a promised call-back (`promise` its id)."""

    promise: CallId
