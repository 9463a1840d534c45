"""What an agent orders at the own seat: ready and not, and everything about the call that is there.

The page may name the order's id (a UUIDv7): sent again, it is the same order and is given once. Refusals: bad-field
(reason, seconds, case, call, during, digits, order), of a target bad-target, wrong-kind, own-seat, own-hotline,
bad-number; other-order, no-connection.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from backoffice.giving import CannotOrder, at_gate, body, give, given, order_id
from backoffice.office import note, office, say, visitor
from backoffice.placing import service_of
from backoffice.rights import may, needs
from schema.cases import Case
from schema.desk.scope import may_see
from schema.ids import CallId, CaseId, ContactId, as_id
from schema.orders import (
    CallOut,
    CancelConsult,
    CloseSeat,
    CompleteTransfer,
    Conference,
    Consult,
    ExtendWrapUp,
    HangUpSeat,
    Hold,
    MakeReady,
    Pause,
    PauseRecording,
    PickCaller,
    RecoverCall,
    Resume,
    ResumeRecording,
    SeatOrder,
    SendDigits,
    Swap,
    Transfer,
)
from schema.rules.dialling import DIGITS, KINDS_OF, BadTarget, target

pages = Blueprint("seatorders", __name__)
REASONS = ("rest", "training", "meeting", "other")
LONGEST_EXTENSION = 600
Common = dict[str, Any]
Body = dict[str, Any]


@pages.post("/api/seat/<verb>")
@needs("seat.work")
def ask(verb: str) -> ResponseReturnValue:
    """Give an order about one's own seat."""
    if verb not in VERBS:
        abort(404)
    who, asked = visitor(), body()
    if who.seat is None:
        abort(403)
    try:
        common = {"by": who.id, "seat": who.seat, "order": order_id(asked), "during": _during(verb, asked)}
        order = VERBS[verb](common, asked)
        for right in _rights(verb, order):
            _insist(right, verb)
        if not given(order):
            if verb not in ANY_TIME and not office().floor.up(office().settings.node_of(who.seat).node):
                raise CannotOrder(409, "no-connection")
            # A number that nobody is to call takes a reason, which is written down.
            reason = at_gate(order.target, asked.get("reason")) if isinstance(order, CallOut) else ""
            what, subject = (*AUDITED.get(verb, lambda _: ())(order), "", "")[:2]
            give(order, what, subject, reason)
    except CannotOrder as cannot:
        field = {"field": cannot.field} if cannot.field else {}
        return jsonify(error=cannot.code, text=_why(cannot), **field), cannot.status
    return jsonify(order=str(order.order))


def _during(verb: str, asked: Body) -> CallId | None:
    """The call that the page shows, where the order is about it."""
    if verb not in ABOUT_CALL or asked.get("during") is None:
        return None
    try:
        return CallId(as_id(str(asked["during"])))
    except ValueError:
        raise CannotOrder(400, "bad-field", "during") from None


def _plain(kind: type[SeatOrder]) -> Callable[[Common, Body], SeatOrder]:
    return lambda common, asked: kind(**common)


def _pause(common: Common, asked: Body) -> SeatOrder:
    if asked.get("reason") not in REASONS:
        raise CannotOrder(400, "bad-field", "reason")
    return Pause(reason=asked["reason"], **common)


def _extend(common: Common, asked: Body) -> SeatOrder:
    seconds = asked.get("seconds", 60)
    if type(seconds) is not int or not 1 <= seconds <= LONGEST_EXTENSION:
        raise CannotOrder(400, "bad-field", "seconds")
    return ExtendWrapUp(seconds=seconds, **common)


def _transfer(common: Common, asked: Body) -> SeatOrder:
    return Transfer(target=_target("transfer", asked), **common)


def _consult(common: Common, asked: Body) -> SeatOrder:
    return Consult(target=_target("consult", asked), **common)


def _call_out(common: Common, asked: Body) -> SeatOrder:
    case, contact = _case(asked.get("case"))
    with office().store.read() as session:
        service = service_of(session, office().settings, contact)
    return CallOut(target=_target("callout", asked), case=case, contact=contact, service=service, **common)


def _digits(common: Common, asked: Body) -> SeatOrder:
    digits = asked.get("digits")
    if not isinstance(digits, str) or not DIGITS.fullmatch(digits):
        raise CannotOrder(400, "bad-field", "digits")
    return SendDigits(digits=digits, **common)


def _pick(common: Common, asked: Body) -> SeatOrder:
    try:
        return PickCaller(call=CallId(as_id(str(asked.get("call")))), **common)
    except ValueError:
        raise CannotOrder(400, "bad-field", "call") from None


VERBS: dict[str, Callable[[Common, Body], SeatOrder]] = {
    "ready": _plain(MakeReady), "pause": _pause, "hangup": _plain(HangUpSeat), "close": _plain(CloseSeat),
    "extend": _extend, "hold": _plain(Hold), "resume": _plain(Resume), "transfer": _transfer, "consult": _consult,
    "swap": _plain(Swap), "complete": _plain(CompleteTransfer), "cancel": _plain(CancelConsult),
    "conference": _plain(Conference), "digits": _digits, "callout": _call_out, "pick": _pick,
    "recover": _plain(RecoverCall), "unrecord": _plain(PauseRecording), "record": _plain(ResumeRecording),
}  # fmt: skip
ANY_TIME = frozenset({"ready", "pause", "hangup", "close"})
"""What makes sense later too. All else is about this moment: it is refused while nobody could do it."""
ABOUT_CALL = frozenset(
    {
        "hangup",
        "hold",
        "resume",
        "transfer",
        "consult",
        "swap",
        "complete",
        "cancel",
        "conference",
        "digits",
        "record",
        "unrecord",
    }
)
RIGHTS = {
    "transfer": "call.transfer", "consult": "call.consult", "callout": "call.out", "pick": "call.pick",
    "digits": "call.digits", "unrecord": "recording.pause", "record": "recording.pause",
}  # fmt: skip
AUDITED: dict[str, Callable[[Any], tuple[str, ...]]] = {
    "close": lambda order: ("seat.close", order.seat),
    "callout": lambda order: ("call.out", order.target),
    "transfer": lambda order: ("call.transfer", order.target),
    "unrecord": lambda order: ("recording.pause", order.seat),
    "record": lambda order: ("recording.resume", order.seat),
    "pick": lambda order: ("call.pick", str(order.call)),
}


def _target(verb: str, asked: Body) -> str:
    seat, hotline = visitor().seat or "", office().settings.site.hotline
    try:
        return target(asked.get("target"), KINDS_OF[verb], own_seat=seat, hotline=hotline)
    except BadTarget as bad:
        raise CannotOrder(400, bad.code, "target") from None


def _case(asked: object) -> tuple[CaseId | None, ContactId | None]:
    """The case a call is about, and its contact: the call belongs on the same time line."""
    if asked is None:
        return None, None
    try:
        wanted = as_id(str(asked))
    except ValueError:
        raise CannotOrder(400, "bad-field", "case") from None
    with office().store.read() as session:
        row = session.get(Case, wanted)
        seen = row is not None and may_see(session, visitor(), row)
    if row is None or not seen:
        raise CannotOrder(400, "bad-field", "case")
    return CaseId(row.id), ContactId(row.contact)


def _rights(verb: str, order: SeatOrder) -> list[str]:
    rights = [RIGHTS[verb]] if verb in RIGHTS else []
    if verb in ("transfer", "consult") and getattr(order, "target", "").startswith("number:"):
        rights.append("call.transfer-outside")
    return rights


def _insist(right: str, verb: str) -> None:
    if not may(visitor(), right):
        with office().store.work() as work:
            note(work, "refused", f"seat {verb}", allowed=False, reason=right)
        abort(403)


def _why(cannot: CannotOrder) -> str:
    if office().words.has(f"outbound.gate.{cannot.code}"):
        return say(f"outbound.gate.{cannot.code}")
    word = f"bad_{cannot.field}" if cannot.code == "bad-field" else cannot.code.replace("-", "_")
    return say(f"seat.{word}", hotline=office().settings.site.hotline)
