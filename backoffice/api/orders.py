"""Orders: what became of one."""

from backoffice.api import shapes
from backoffice.api.giving import shown
from backoffice.api.problems import Problem
from backoffice.api.route import ANY, Ask, Route
from backoffice.office import office
from schema.desk import tokens
from schema.outbox import OrderRow


def one(ask: Ask) -> shapes.Order:
    """An order that was given with a token of the same user."""
    with office().store.read() as session:
        row = tokens.order_of(session, ask.path["order"])
        progress = session.get(OrderRow, ask.path["order"])
        owner = None if row is None else tokens.user_of(session, row.token)
    if row is None or owner != ask.who.user.id:
        raise Problem("not-found", "there is no such order")
    return shown(progress, row)


ROUTES = (
    Route(
        method="GET", path="/orders/{order}", name="order", tag="orders", right=ANY, does=one,
        summary="What became of an order", gives=shapes.Order,
        about="The orders that were given with a token of the same user, for seven days.",
    ),
)  # fmt: skip
