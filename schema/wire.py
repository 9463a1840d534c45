"""Facts and orders as JSON and back, by class name (msgspec does the checking)."""

from collections.abc import Iterator
from typing import Any

import msgspec

from schema import facts, orders
from schema.facts import Fact
from schema.orders import Order


def _all(base: type[Any]) -> Iterator[type[Any]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _all(kind)


def _table(*bases: type) -> dict[str, Any]:
    return {kind.__name__: kind for base in bases for kind in _all(base)}


FACTS: dict[str, type[Fact]] = _table(facts.Fact)
ORDERS: dict[str, type[Order]] = _table(orders.Order)
_KINDS: dict[str, type[Fact] | type[Order]] = {**FACTS, **ORDERS}


def to_body(message: Fact | Order) -> dict[str, Any]:
    """The message as JSON types: ids and times become text (RFC 4122, RFC 3339)."""
    body: dict[str, Any] = msgspec.to_builtins(message)
    return body


def from_body(name: str, body: Any) -> Fact | Order:
    """The message again. Raises KeyError for an unknown name, msgspec.ValidationError for a bad body."""
    kind: type[Fact] | type[Order] = _KINDS[name]
    message: Fact | Order = msgspec.convert(body, kind)
    return message
