"""Orders about one's saved views of the list of cases."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView(Order):
    """Keep a list under a name; `query` as `schema.views.SavedView` has it."""

    name: str
    query: str
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOrder(Order):
    """Something wanted of a view."""

    view: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameView(ViewOrder):
    """Call it otherwise."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView(ViewOrder):
    """Throw it away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreView(ViewOrder):
    """Take it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWithView(ViewOrder):
    """Let one's list of cases begin with it, or not (`begin` False)."""

    begin: bool = True
