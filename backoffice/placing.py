"""Click to call: any number that a page shows, rung from the visitor's own seat with its case or contact attached.

A number on the do-not-call list takes a reason, which is written down. Refusals as JSON: no-seat, no-connection,
bad-number, own-hotline, give-reason, bad-field (case, contact, order), other-order.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.contactlist import only
from backoffice.giving import CannotOrder, at_gate, body, give, given, order_id
from backoffice.office import office, say, visitor
from backoffice.rights import needs
from conf.settings import Settings
from schema.calls import CallRow
from schema.cases import Case
from schema.desk.contact import open_contact
from schema.desk.outcomes import outcome_of_call
from schema.desk.scope import may_see
from schema.ids import CaseId, ContactId, as_id
from schema.orders import CallOut
from schema.outbox import OutboxRow
from schema.rules.dialling import BadTarget, target

pages = Blueprint("placing", __name__)
Body = dict[str, Any]


@pages.post("/api/call")
@needs("call.out")
def call() -> ResponseReturnValue:
    """Ring one's own seat, then the number."""
    who, asked = visitor(), body()
    try:
        seat = _open_seat()
        wanted = target(f"number:{asked.get('number')}", ("number",), hotline=office().settings.site.hotline)
        reason = at_gate(wanted, asked.get("reason"))
        with office().store.read() as session:
            case, contact = _about(session, asked)
            service = service_of(session, office().settings, contact)
        order = CallOut(
            order=order_id(asked),
            by=who.id,
            seat=seat,
            target=wanted,
            case=case,
            contact=contact,
            service=service,
        )
        if not given(order):
            give(order, "call.out", wanted, reason)
    except BadTarget as bad:
        code = bad.code.replace("-", "_")
        return jsonify(error=bad.code, text=say(f"seat.{code}", hotline=office().settings.site.hotline)), 400
    except CannotOrder as cannot:
        return jsonify(error=cannot.code, text=_why(cannot)), cannot.status
    return jsonify(order=str(order.order))


@pages.get("/api/call/<order>")
@needs("call.out")
def outcome(order: str) -> ResponseReturnValue:
    """What a call that one placed came to; "" while it rings."""
    try:
        id = as_id(order)
    except ValueError:
        return jsonify(outcome="", text="")
    with office().store.read() as session:
        row = session.scalar(select(OutboxRow).where(OutboxRow.key == id, OutboxRow.name == "CallOut"))
        own = row is not None and row.body.get("by") == str(visitor().id)
        found = outcome_of_call(session, id) if own else ""
    return jsonify(outcome=found, text=say(f"outbound.came_to.{found}") if found else "")


def service_of(session: Session, settings: Settings, contact: UUID | None) -> str:
    """The service that a contact came to: its number is shown to who is called about it."""
    if contact is None or not any(one.caller for one in settings.services):
        return ""
    queue = session.scalar(
        select(CallRow.queue)
        .where(CallRow.contact == contact, CallRow.direction == "in", CallRow.queue != "")
        .order_by(CallRow.entered_at)
        .limit(1)
    )
    return next((one.name for one in settings.services if settings.queue_of(one) == queue), "")


def _open_seat() -> str:
    seat = visitor().seat
    if seat is None:
        raise CannotOrder(409, "no-seat")
    if not office().floor.up(office().settings.node_of(seat).node):
        raise CannotOrder(409, "no-connection")
    if office().floor.seat(seat) is None:
        raise CannotOrder(409, "no-seat")
    return seat


def _about(session: Session, asked: Body) -> tuple[CaseId | None, ContactId | None]:
    """The case, or the contact alone: the call belongs on the same time line. Raises CannotOrder."""
    for field in ("case", "contact"):
        if asked.get(field) is None:
            continue
        try:
            id = as_id(str(asked[field]))
        except ValueError:
            raise CannotOrder(400, "bad-field", field) from None
        if field == "case":
            case = session.get(Case, id)
            if case is None or not may_see(session, visitor(), case):
                raise CannotOrder(400, "bad-field", field)
            return CaseId(case.id), ContactId(case.contact)
        if open_contact(session, id, visitor(), only()) is None:
            raise CannotOrder(400, "bad-field", field)
        return None, ContactId(id)
    return None, None


def _why(cannot: CannotOrder) -> str:
    if office().words.has(f"outbound.gate.{cannot.code}"):
        return say(f"outbound.gate.{cannot.code}")
    if cannot.code == "no-seat":
        return say("outbound.no_seat")
    word = f"bad_{cannot.field}" if cannot.code == "bad-field" else cannot.code.replace("-", "_")
    return say(f"seat.{word}")
