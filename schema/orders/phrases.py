"""Orders about canned replies (常用语)."""

from uuid import UUID

from schema.orders.base import Order


class KeepPhrase(Order, frozen=True, kw_only=True):
    """Make a canned reply, or change `phrase`; `shared`: everybody's, else one's own."""

    code: str
    language: str
    title: str
    text: str
    shared: bool = False
    phrase: UUID | None = None


class MovePhrase(Order, frozen=True, kw_only=True):
    """Move one `up` in its list, or down."""

    phrase: UUID
    up: bool


class DropPhrase(Order, frozen=True, kw_only=True):
    """Throw one away, or take it `back`."""

    phrase: UUID
    back: bool = False
