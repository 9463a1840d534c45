"""Call-backs that were promised to callers, and taking such a promise away."""

from typing import Any

from msgspec import UNSET
from sqlalchemy import select

from backoffice.api import asks, shapes
from backoffice.api.door import look
from backoffice.api.giving import Wanted
from backoffice.api.pages import page
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.calls import CallBackRow
from schema.ids import CallId, ContactId
from schema.orders import CancelCallBack

OPEN_STATES = ("promised", "dialling", "retry")


def listing(ask: Ask) -> shapes.CallBackPage:
    """A page of promises."""
    asked, query = ask.query, select(CallBackRow)
    if asked.state is not UNSET:
        wanted = OPEN_STATES if asked.state == "open" else (asked.state,)
        query = query.where(CallBackRow.state.in_(wanted))
    if asked.queue is not UNSET:
        query = query.where(CallBackRow.queue == asked.queue)
    with office().store.read() as session:
        rows, following = page(session, query, CallBackRow.promised_at, CallBackRow.id, asked)
    look(ask, "contact.read", "callbacks")
    return shapes.CallBackPage(items=[_shown(row) for row in rows], next=following)


def one(ask: Ask) -> shapes.CallBack:
    """One promise."""
    found = _shown(_row(ask))
    look(ask, "contact.read", str(found.contact))
    return found


def cancel(ask: Ask) -> Wanted:
    """Take a promise away."""
    row = _row(ask)
    if row.state not in OPEN_STATES:
        raise Problem("wrong-state", f"the promise is {row.state}")
    order = CancelCallBack(by=ask.who.user.id, promise=CallId(row.id), contact=ContactId(row.contact))
    return Wanted(orders=(order,), what="call.call-back-cancel", subject=str(row.id), call=row.call)


def _row(ask: Ask) -> CallBackRow:
    ask.need("seat.on-behalf")
    with office().store.read() as session:
        row = session.get(CallBackRow, ask.path["callback"])
    if row is None:
        raise Problem("not-found", "there is no such call-back")
    return row


def _shown(row: CallBackRow) -> shapes.CallBack:
    plain: dict[str, Any] = {name: getattr(row, name) for name in shapes.CallBack.__struct_fields__}
    return shapes.CallBack(**plain)


def _all(ask: Ask) -> shapes.CallBackPage:
    ask.need("seat.on-behalf")
    return listing(ask)


ROUTES = (
    Route(
        method="GET", path="/callbacks", name="callbacks", tag="callbacks", right="contact.read", does=_all,
        summary="Promised call-backs, newest first", query=asks.CallBacks, gives=shapes.CallBackPage,
    ),
    Route(
        method="GET", path="/callbacks/{callback}", name="callback", tag="callbacks", right="contact.read", does=one,
        summary="One call-back", gives=shapes.CallBack,
    ),
    Route(
        method="POST", path="/callbacks/{callback}/cancel", name="callback-cancel", tag="callbacks", right="call.out",
        does=cancel, summary="Take the promise away", query=asks.Wait, gives=shapes.Order, fails=("wrong-state",),
    ),
)  # fmt: skip
