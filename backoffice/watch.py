"""What a supervisor does to another's seat: listen, whisper, join in, take over, and what is forced on it.

Each order has a reason and leaves a row in the audit. The page may name the order's id (a UUIDv7): sent again, it is
the same order and is given once. Refusals: bad-field (reason, order, target), no-own-seat, own-seat, no-connection,
seat-closed, no-call, not-watching, other-order.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backoffice.office import note, office, say, visitor
from backoffice.rights import may, needs
from backoffice.seat import KINDS_OF, TARGET
from schema.ids import as_id, uuid7
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
from schema.outbox import OutboxRow

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


class CannotOrder(Exception):
    """The order makes no sense now: `code` says why, `field` what of the request is wrong."""

    def __init__(self, status: int, code: str, field: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.field = status, code, field


def right_of(verb: str) -> str:
    """The right that a verb needs."""
    return f"watch.{verb}" if verb in EARS else f"seat.force-{verb}"


@pages.post("/api/seats/<seat>/<verb>")
@needs("seat.supervise")
def order_over(seat: str, verb: str) -> ResponseReturnValue:
    """Give an order over somebody's seat."""
    if verb not in EARS | FORCED or not (seat.isascii() and seat.isdigit() and 2 <= len(seat) <= 8):
        abort(404)
    right, found = right_of(verb), request.get_json(silent=True)
    if not may(visitor().post, right):
        with office().store.work() as work:
            note(work, "refused", f"{right} {seat}", allowed=False, reason=right)
        abort(403)
    body = found if isinstance(found, dict) else {}
    try:
        order = _made(seat, verb, body)
        if not _given(order):
            _check(seat, verb)
            _give(order, right, body)
    except CannotOrder as cannot:
        field = {"field": cannot.field} if cannot.field else {}
        return jsonify(error=cannot.code, text=_why(cannot, seat), **field), cannot.status
    return jsonify(order=str(order.order))


def _made(seat: str, verb: str, body: dict[str, Any]) -> SeatOrder:
    """The order that is asked for. Raises CannotOrder."""
    who, reason, target = visitor(), body.get("reason"), body.get("target")
    if (
        not isinstance(reason, str)
        or not reason.isprintable()
        or not 1 <= len(reason.strip()) <= LONGEST_REASON
    ):
        raise CannotOrder(400, "bad-field", "reason")
    common: dict[str, Any] = {"by": who.id, "seat": seat, "reason": reason.strip(), "order": _order_id(body)}
    if verb in EARS:
        if who.seat is None:
            raise CannotOrder(409, "no-own-seat")
        kind = EARS[verb]
        shown = verb not in ("listen", "whisper", "barge") or office().settings.watch.shown(verb)
        made: SeatOrder = kind(watcher=who.seat, shown=shown, **common)
        return made
    if verb == "transfer":
        if not isinstance(target, str) or not TARGET.fullmatch(target):
            raise CannotOrder(400, "bad-field", "target")
        if target.partition(":")[0] not in KINDS_OF["transfer"] or target == f"seat:{seat}":
            raise CannotOrder(400, "bad-field", "target")
        return ForceTransfer(target=target, **common)
    forced: SeatOrder = FORCED[verb](**common)
    return forced


def _order_id(body: dict[str, Any]) -> UUID:
    given = body.get("order")
    if given is None:
        return uuid7()
    try:
        named = as_id(given) if isinstance(given, str) else None
    except ValueError:
        named = None
    if named is None or named.version != 7:
        raise CannotOrder(400, "bad-field", "order")
    return named


def _given(order: SeatOrder) -> bool:
    """Whether this very order was given before. Raises CannotOrder when its id is another's."""
    with office().store.read() as session:
        row = session.scalar(select(OutboxRow).where(OutboxRow.key == order.order))
    if row is None:
        return False
    same = (row.name, row.body.get("seat"), row.body.get("by"))
    if same != (type(order).__name__, order.seat, str(order.by)):
        raise CannotOrder(409, "other-order", "order")
    return True


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


def _give(order: SeatOrder, right: str, body: dict[str, Any]) -> None:
    subject = f"{order.seat} → {body['target']}" if isinstance(order, ForceTransfer) else order.seat
    try:
        with office().store.work() as work:
            work.emit(order)
            note(work, right, subject, reason=body["reason"].strip())
    except IntegrityError:
        if not _given(order):  # the same request twice at the same moment is one order
            raise


def _why(cannot: CannotOrder, seat: str) -> str:
    word = f"bad_{cannot.field}" if cannot.code == "bad-field" else cannot.code.replace("-", "_")
    return say(f"watch.{word}", seat=seat, node=office().settings.node_of(seat).node)
