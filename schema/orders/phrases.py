"""Orders about canned replies (常用语)."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPhrase(Order):
    """Make a canned reply, or change `phrase`; `shared`: everybody's, else one's own."""

    code: str
    language: str
    title: str
    text: str
    shared: bool = False
    phrase: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePhrase(Order):
    """Move one `up` in its list, or down."""

    phrase: UUID
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DropPhrase(Order):
    """Throw one away, or take it `back`."""

    phrase: UUID
    back: bool = False
