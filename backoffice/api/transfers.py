"""Transfers with a consultation: begun, watched, and completed, cancelled, swapped or joined."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from backoffice.api import asks, shapes
from backoffice.api.calls import consulted, target_of
from backoffice.api.giving import Wanted
from backoffice.api.live import connected, seats, the_seat
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.calls import TransferRow
from schema.desk import tokens
from schema.orders import CancelConsult, CompleteTransfer, Conference, Consult, SeatOrder, Swap
from schema.outbox import OrderRow
from schema.tokens import ApiOrder

_LATE = timedelta(seconds=1)
"""What the PBX's clock and ours may differ by."""


def begin(ask: Ask) -> Wanted:
    """Ask somebody while the citizen waits."""
    call = ask.body.call
    seat = the_seat(ask, call)
    wanted = target_of("consult", ask, seat)
    order = Consult(by=ask.who.user.id, seat=seat, target=wanted)
    return Wanted(orders=(order,), what="call.consult", subject=wanted, call=call, target=wanted)


def one(ask: Ask) -> shapes.Transfer:
    """A transfer as it stands."""
    row = _row(ask)
    with office().store.read() as session:
        progress = session.get(OrderRow, row.order)
        done = session.scalar(
            select(TransferRow.how)
            .where(
                TransferRow.call == row.call, TransferRow.seat == row.seat, TransferRow.at >= row.made_at - _LATE,
                TransferRow.how == "consulted",
            )
            .limit(1)
        )  # fmt: skip
        over = session.scalar(
            select(ApiOrder.order)
            .join(OrderRow, OrderRow.order == ApiOrder.order)
            .where(
                ApiOrder.transfer == row.order, ApiOrder.name == "CancelConsult", OrderRow.state == "observed"
            )
            .limit(1)
        )
    state, reason = _state(row, progress, done is not None, over is not None)
    return shapes.Transfer(
        id=row.order, call=_call(row), agent=row.seat, target=row.target, state=state, reason=reason,
        made_at=row.made_at,
    )  # fmt: skip


def then(kind: type[SeatOrder], what: str) -> Callable[[Ask], Wanted]:
    """A further step of a transfer."""

    def does(ask: Ask) -> Wanted:
        row = _row(ask)
        seat = ask.at_seat(row.seat)
        connected(seat)
        live = seats().get(seat)
        if live is None or live.get("call") != str(row.call):
            raise Problem("no-call", "the agent is not in the call of this transfer any more")
        return Wanted(
            orders=(kind(by=ask.who.user.id, seat=seat),), what=what, subject=row.target, call=row.call,
            transfer=row.order, target=row.target,
        )  # fmt: skip

    return does


def _row(ask: Ask) -> ApiOrder:
    with office().store.read() as session:
        row = tokens.order_of(session, ask.path["transfer"])
    if row is None or row.name != "Consult" or not (ask.who.everywhere or row.token == ask.who.token):
        raise Problem("not-found", "there is no such transfer")
    return row


def _state(row: ApiOrder, progress: OrderRow | None, done: bool, over: bool) -> tuple[str, str]:
    if progress is not None and progress.state == "failed":
        return "failed", progress.reason
    if done or over:
        return ("completed" if done else "ended"), ""
    live = seats().get(row.seat)
    if live is not None and live.get("call") == str(row.call):
        asked = consulted(live)
        if live.get("conference"):
            return "joined", ""
        if asked is not None and asked.target == row.target:
            return asked.state, ""
    return ("starting" if progress is None or progress.state != "observed" else "ended"), ""


def _call(row: ApiOrder) -> UUID:
    assert row.call is not None
    return row.call


def _then(verb: str, summary: str, kind: type[SeatOrder], right: str) -> Route:
    return Route(
        method="POST", path=f"/transfers/{{transfer}}/{verb}", name=f"transfer-{verb}", tag="transfers",
        summary=summary, right=right, does=then(kind, f"call.{verb}"), query=asks.Wait, gives=shapes.Order,
        fails=("no-call",),
    )  # fmt: skip


ROUTES = (
    Route(
        method="POST", path="/transfers", name="transfer", tag="transfers", summary="Ask somebody before a transfer",
        right="call.consult", does=begin, query=asks.Wait, body=asks.NewTransfer, gives=shapes.Order,
        fails=("no-call", "not-found", "refused"),
        about="The citizen hears music while the target is rung and asked. The order's id is the transfer's.",
    ),
    Route(
        method="GET", path="/transfers/{transfer}", name="transfer-state", tag="transfers", right="call.consult",
        does=one, summary="How a transfer stands", gives=shapes.Transfer,
    ),
    _then("complete", "Join citizen and target; the agent leaves", CompleteTransfer, "call.transfer"),
    _then("cancel", "Let the target go and take the citizen back", CancelConsult, "call.consult"),
    _then("swap", "Talk to the other of the two", Swap, "call.consult"),
    _then("join", "Talk all three", Conference, "call.consult"),
)  # fmt: skip
