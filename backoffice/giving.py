"""Giving an order to another room: once, however often its request comes, and with words for why it cannot be."""

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backoffice.office import note, office
from schema.desk.donotcall import LONGEST_REASON, gate
from schema.ids import as_id, uuid7
from schema.orders.seats import SeatOrder
from schema.outbox import OutboxRow
from schema.rules import dialgate


class CannotOrder(Exception):
    """The order makes no sense now: `code` says why, `field` what of the request is wrong."""

    def __init__(self, status: int, code: str, field: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.field = status, code, field


def body() -> dict[str, Any]:
    """The JSON object of this request; empty when it has none."""
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def order_id(asked: dict[str, Any]) -> UUID:
    """The id that the page gave the order (a UUIDv7), or a new one. Raises CannotOrder."""
    named = asked.get("order")
    if named is None:
        return uuid7()
    try:
        found = as_id(named) if isinstance(named, str) else None
    except ValueError:
        found = None
    if found is None or found.version != 7:
        raise CannotOrder(400, "bad-field", "order")
    return found


def given(order: SeatOrder) -> bool:
    """Whether this very order was given before. Raises CannotOrder when its id is another's."""
    with office().store.read() as session:
        row = session.scalar(select(OutboxRow).where(OutboxRow.key == order.order))
    if row is None:
        return False
    same = (row.name, row.body.get("seat"), row.body.get("by"))
    if same != (type(order).__name__, order.seat, str(order.by)):
        raise CannotOrder(409, "other-order", "order")
    return True


def at_gate(wanted: str, reason: object) -> str:
    """The reason with which a target that is a number is called, where it takes one. Raises CannotOrder."""
    kind, _, number = wanted.partition(":")
    reason = reason.strip()[:LONGEST_REASON] if isinstance(reason, str) else ""
    if kind == "number":
        # A reason makes it a call that the citizen wanted.
        purpose = dialgate.CALL_BACK if reason else dialgate.CASE
        with office().store.read() as session:
            why = gate(session, purpose, number, office().store.clock(), office().zone, reason)
        if why:
            raise CannotOrder(409, why)
    return reason


def give(order: SeatOrder, what: str = "", subject: str = "", reason: str = "") -> None:
    """Give it, with an audit row when `what` names the act."""
    try:
        with office().store.work() as work:
            work.emit(order)
            if what:
                note(work, what, subject, reason=reason)
    except IntegrityError:
        if not given(order):  # the same request twice at the same moment is one order
            raise
