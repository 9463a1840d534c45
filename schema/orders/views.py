"""Orders about one's saved views of the list of cases."""

from uuid import UUID

from schema.orders.base import Order


class SaveView(Order, frozen=True, kw_only=True):
    """Keep a list under a name; `query` as `schema.views.SavedView` has it."""

    name: str
    query: str
    shared: bool = False


class ViewOrder(Order, frozen=True, kw_only=True):
    """Something wanted of a view."""

    view: UUID


class RenameView(ViewOrder, frozen=True, kw_only=True):
    """Call it otherwise."""

    name: str


class DropView(ViewOrder, frozen=True, kw_only=True):
    """Throw it away."""


class RestoreView(ViewOrder, frozen=True, kw_only=True):
    """Take it back."""


class BeginWithView(ViewOrder, frozen=True, kw_only=True):
    """Let one's list of cases begin with it, or not (`begin` False)."""

    begin: bool = True
