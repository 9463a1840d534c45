"""Calls for return visits: the citizen rung from one's own seat by one key, and what the call came to, for the form."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.giving import CannotOrder, body, give, given, order_id
from backoffice.office import office, say, visitor
from backoffice.placing import service_of
from backoffice.rights import may, needs
from backoffice.visits import visit_id
from schema.calls import CallRow
from schema.desk.donotcall import gate
from schema.desk.errors import Refused
from schema.desk.outcomes import outcome_of_call
from schema.desk.visitlists import VISIT, find_visit
from schema.ids import CaseId, ContactId, as_id
from schema.orders import CallOut
from schema.rules import dialgate
from schema.rules.dialling import BadTarget, target
from schema.rules.visits import result_of

pages = Blueprint("visitcalls", __name__)


@pages.get("/visits/<id>/outcome")
@needs("call.out")
def outcome(id: str) -> ResponseReturnValue:
    """What the call of an order came to, as the result that the form is filled with; "" while it rings."""
    try:
        call = as_id(request.args.get("order", ""))
    except ValueError:
        return jsonify(result="")
    with office().store.read() as session:
        row = find_visit(session, visitor(), visit_id(id)) if may(visitor(), VISIT) else None
        if row is None:
            raise Refused("not-found", "there is no such return visit")
        known = session.get(CallRow, call)
        if known is None or known.case != row.case.id:
            return jsonify(result="")
        came_to = outcome_of_call(session, call)
    return jsonify(
        result=result_of(came_to), text=say(f"visits.result.{result_of(came_to)}") if came_to else ""
    )


@pages.post("/visits/<id>/call")
@needs("call.out")
def call(id: str) -> ResponseReturnValue:
    """Ring one's own seat, then the citizen; never at night, and nobody who does not want it."""
    who, asked, why, service = visitor(), body(), "", ""
    with office().store.read() as session:
        row = find_visit(session, who, visit_id(id)) if may(who, VISIT) else None
        if row is not None:
            why = gate(session, dialgate.VISIT, row.case.number, office().store.clock(), office().zone)
            service = service_of(session, office().settings, row.case.contact)
    if row is None:
        raise Refused("not-found", "there is no such return visit")
    if who.seat is None or row.visit.agent != who.id or row.visit.ended:
        return jsonify(
            error="not-allowed",
            text=say("visits.no_call.seat" if who.seat is None else "visits.no_call.other"),
        ), 403
    if why:
        return jsonify(error="wrong-state", text=say(f"outbound.gate.{why}")), 409
    try:
        order = CallOut(
            order=order_id(asked), by=who.id, seat=who.seat, case=CaseId(row.case.id),
            contact=ContactId(row.case.contact), service=service,
            target=target(f"number:{row.case.number}", ("number",), hotline=office().settings.site.hotline),
        )  # fmt: skip
        if not given(order):
            if not office().floor.up(office().settings.node_of(who.seat).node):
                raise CannotOrder(409, "no-connection")
            give(order, "call.out", order.target)
    except BadTarget:
        return jsonify(error="bad-number", text=say("seat.bad_number")), 400
    except CannotOrder as cannot:
        word = "bad_order" if cannot.code == "bad-field" else cannot.code.replace("-", "_")
        return jsonify(error=cannot.code, text=say(f"seat.{word}")), cannot.status
    return jsonify(order=str(order.order))
