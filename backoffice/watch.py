"""What a supervisor does to another's seat: listen, whisper, join in, take over, and what is forced on it."""

from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.office import note, office, say, visitor
from backoffice.rights import needs
from backoffice.seat import KINDS_OF, TARGET
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

pages = Blueprint("watch", __name__)
LONGEST_REASON = 40
EARS: dict[str, type[Any]] = {
    "listen": Listen,
    "whisper": Whisper,
    "barge": Barge,
    "stop": StopWatching,
    "takeover": TakeOver,
}
FORCED: dict[str, type[Any]] = {
    "hangup": ForceHangUp,
    "pause": ForcePause,
    "ready": ForceReady,
    "logout": ForceLogOut,
}


@pages.post("/api/seats/<seat>/<what>")
@needs("seat.supervise")
def order_over(seat: str, what: str) -> ResponseReturnValue:
    """Give an order over somebody's seat; every one has a reason and leaves a row in the audit."""
    if not (seat.isascii() and seat.isdigit() and 2 <= len(seat) <= 8):
        abort(404)
    who, found = visitor(), request.get_json(silent=True)
    body = found if isinstance(found, dict) else {}
    reason = body.get("reason")
    if (
        not isinstance(reason, str)
        or not 1 <= len(reason.strip()) <= LONGEST_REASON
        or not reason.isprintable()
    ):
        return jsonify(error="bad-field", field="reason", text=say("watch.bad_reason")), 400
    common: dict[str, Any] = {"by": who.id, "seat": seat, "reason": reason.strip()}
    order: SeatOrder
    if what in EARS:
        if who.seat is None or who.seat == seat:
            return jsonify(error="no-seat", field="seat", text=say("watch.no_seat")), 409
        order = EARS[what](watcher=who.seat, **common)
    elif what == "transfer":
        target = body.get("target")
        if (
            not isinstance(target, str)
            or not TARGET.fullmatch(target)
            or target.partition(":")[0] not in KINDS_OF["transfer"]
        ):
            return jsonify(error="bad-field", field="target", text=say("seat.bad_target")), 400
        order = ForceTransfer(target=target, **common)
    elif what in FORCED:
        order = FORCED[what](**common)
    else:
        abort(404)
    with office().store.work() as work:
        work.emit(order)
        note(work, f"watch.{what}", seat, reason=reason.strip())
    return jsonify(order=str(order.order))
