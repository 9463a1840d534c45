"""What a supervisor does to another's seat: listen, whisper, join in, take over, and what is forced on it.

Each order has a reason and leaves a row in the audit. The page may name the order's id (a UUIDv7): sent again, it is
the same order and is given once. Refusals: bad-field (reason, order, target), no-own-seat, own-seat, no-connection,
seat-closed, no-call, not-watching, other-order.
"""

from typing import Any

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from backoffice.giving import CannotOrder, body, give, given, order_id
from backoffice.office import note, office, say, visitor
from backoffice.rights import may, needs
from schema.orders import (
    Barge,
    ForceHangUp,
    ForceLogOut,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Listen,
    StopWatching,
    TakeOver,
    Whisper,
)
from schema.orders.seats import SeatOrder
from schema.rules import dialling
from schema.rules.dialling import KINDS_OF, BadTarget

pages = Blueprint("watch", __name__)
LONGEST_REASON = 200
EARS: dict[str, type[Any]] = {
    "listen": Listen,
    "whisper": Whisper,
    "barge": Barge,
    "stop": StopWatching,
    "takeover": TakeOver,
}
FORCED: dict[str, type[Any]] = {
    "hangup": ForceHangUp,
    "transfer": ForceTransfer,
    "pause": ForcePause,
    "ready": ForceReady,
    "logout": ForceLogOut,
}
OF_A_CALL = frozenset({"listen", "whisper", "barge", "takeover", "hangup", "transfer"})


def right_of(verb: str) -> str:
    """The right that a verb needs."""
    return f"watch.{verb}" if verb in EARS else f"seat.force-{verb}"


@pages.post("/api/seats/<seat>/<verb>")
@needs("seat.supervise")
def order_over(seat: str, verb: str) -> ResponseReturnValue:
    """Give an order over somebody's seat."""
    if verb not in EARS | FORCED or not (seat.isascii() and seat.isdigit() and 2 <= len(seat) <= 8):
        abort(404)
    right, asked = right_of(verb), body()
    if not may(visitor(), right):
        with office().store.work() as work:
            note(work, "refused", f"{right} {seat}", allowed=False, reason=right)
        abort(403)
    try:
        order = _made(seat, verb, asked)
        if not given(order):
            _check(seat, verb)
            subject = f"{seat} → {order.target}" if isinstance(order, ForceTransfer) else seat
            give(order, right, subject, asked["reason"].strip())
    except CannotOrder as cannot:
        field = {"field": cannot.field} if cannot.field else {}
        return jsonify(error=cannot.code, text=_why(cannot, seat), **field), cannot.status
    return jsonify(order=str(order.order))


def _made(seat: str, verb: str, asked: dict[str, Any]) -> SeatOrder:
    """The order that is asked for. Raises CannotOrder."""
    who, reason, target = visitor(), asked.get("reason"), asked.get("target")
    if (
        not isinstance(reason, str)
        or not reason.isprintable()
        or not 1 <= len(reason.strip()) <= LONGEST_REASON
    ):
        raise CannotOrder(400, "bad-field", "reason")
    common: dict[str, Any] = {"by": who.id, "seat": seat, "reason": reason.strip(), "order": order_id(asked)}
    if verb in EARS:
        if who.seat is None:
            raise CannotOrder(409, "no-own-seat")
        kind = EARS[verb]
        shown = verb not in ("listen", "whisper", "barge") or office().settings.watch.shown(verb)
        made: SeatOrder = kind(watcher=who.seat, shown=shown, **common)
        return made
    if verb == "transfer":
        try:
            wanted = dialling.target(
                target, KINDS_OF["transfer"], own_seat=seat, hotline=office().settings.site.hotline
            )
        except BadTarget:
            raise CannotOrder(400, "bad-field", "target") from None
        return ForceTransfer(target=wanted, **common)
    forced: SeatOrder = FORCED[verb](**common)
    return forced


def _check(seat: str, verb: str) -> None:
    """Refuse at once what the floor shows cannot be done. Raises CannotOrder."""
    who, floor = visitor(), office().floor
    if not floor.up(office().settings.node_of(seat).node):
        raise CannotOrder(409, "no-connection")
    row = floor.seat(seat)
    if verb in EARS:
        assert who.seat is not None
        own = floor.seat(who.seat)
        if who.seat == seat:
            raise CannotOrder(409, "own-seat")
        if own is None or own.get("state") == "unreachable":
            raise CannotOrder(409, "no-own-seat")
    if row is None:
        raise CannotOrder(409, "seat-closed")
    if verb in OF_A_CALL and row.get("state") != "talking":
        raise CannotOrder(409, "no-call")
    if verb == "stop" and who.seat not in [one.get("watcher") for one in row.get("watchers") or []]:
        raise CannotOrder(409, "not-watching")


def _why(cannot: CannotOrder, seat: str) -> str:
    word = f"bad_{cannot.field}" if cannot.code == "bad-field" else cannot.code.replace("-", "_")
    return say(f"watch.{word}", seat=seat, node=office().settings.node_of(seat).node)
