"""The list of call-backs that callers were promised: whom, since when, when the next try is; one can be dropped."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.casework import form_id
from backoffice.office import look, note, office, visitor
from backoffice.rights import needs
from schema.calls import CallBackRow
from schema.ids import CallId, ContactId, as_id, uuid7
from schema.orders import CancelCallBack
from schema.outbox import OutboxRow

pages = Blueprint("callbacks", __name__)
SHOWN = 200


@pages.get("/visits/call-backs")
@needs("call.list")
def listing() -> str:
    """Those that are owed, the next first, or those that are over."""
    over = request.args.get("list") == "over"
    order = (CallBackRow.ended_at.desc(),) if over else (CallBackRow.place,)
    chosen = CallBackRow.ended_at.is_not(None) if over else CallBackRow.ended_at.is_(None)
    with office().store.read() as session:
        rows = session.scalars(
            select(CallBackRow).where(chosen).order_by(*order, CallBackRow.id).limit(SHOWN)
        ).all()
    look("contact.read", "call-backs")
    return render_template(
        "callbacks.html", rows=rows, over=over, order=uuid7, done=request.args.get("done", "")
    )


@pages.post("/visits/call-backs/<id>/drop")
@needs("call.list")
def drop(id: str) -> ResponseReturnValue:
    """Drop a promise: the citizen does not want it any more, or was talked to."""
    try:
        promise = as_id(id)
    except ValueError:
        abort(404)
    order = form_id("order") or uuid7()
    with office().store.work() as work:
        row = work.session.get(CallBackRow, promise)
        if row is None:
            abort(404)
        known = work.session.scalar(select(OutboxRow.id).where(OutboxRow.key == order).limit(1))
        if row.ended_at is None and known is None:
            work.emit(
                CancelCallBack(
                    order=order, by=visitor().id, promise=CallId(row.id), contact=ContactId(row.contact)
                )
            )
            note(work, "call.call-back-cancel", str(row.id))
    return redirect("/visits/call-backs?done=drop", 303)
