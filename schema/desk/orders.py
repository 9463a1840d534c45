"""The orders desk: how far another room is with an order: intent → sent → observed, or failed with a reason."""

from collections.abc import Collection
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.orders import Order
from schema.outbox import OrderRow
from schema.store import UnitOfWork
from schema.wire import from_body, to_body

OVER = ("observed", "failed")
Given = TypeVar("Given", bound=Order)


def begin(work: UnitOfWork, order: Order) -> str:
    """Write the intent down, once; returns the state the order is in."""
    row = work.session.get(OrderRow, order.order)
    if row is None:
        row = OrderRow(order=order.order, name=type(order).__name__, body=to_body(order), state="intent", by=order.by,
                       contact=order.contact, made_at=work.now, changed_at=work.now)  # fmt: skip
        work.session.add(row)
    return row.state


def progress(work: UnitOfWork, order: UUID, state: str, reason: str = "") -> None:
    """Move an order on. One that is over stays as it is; an OpenSeat's digest is forgotten once it is."""
    row = work.session.get(OrderRow, order)
    if row is None or row.state in OVER:
        return
    row.state, row.reason, row.changed_at = state, reason[:500], work.now
    if state in OVER and "digest" in row.body:
        row.body = {**row.body, "digest": ""}


def given(session: Session, kind: type[Given]) -> list[Given]:
    """Every order of a kind that another room has begun, in the order in which they were made."""
    query = select(OrderRow).where(OrderRow.name == kind.__name__).order_by(OrderRow.made_at)
    return [cast(Given, from_body(row.name, row.body)) for row in session.scalars(query)]


def unfinished(session: Session, kinds: Collection[type[Order]]) -> list[tuple[Order, str]]:
    """Orders of these kinds that are not over, with their states, in the order in which they were made."""
    names: dict[str, Any] = {kind.__name__: kind for kind in kinds}
    query = (
        select(OrderRow)
        .where(OrderRow.name.in_(names), OrderRow.state.not_in(OVER))
        .order_by(OrderRow.made_at)
    )
    return [(cast(Order, from_body(row.name, row.body)), row.state) for row in session.scalars(query)]
