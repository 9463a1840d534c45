"""Orders that choose how the site works."""

from dataclasses import dataclass

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDuplicateThreshold(Order):
    """Show a case as a likely duplicate from this score on (see `schema.rules.duplicates`)."""

    threshold: float
