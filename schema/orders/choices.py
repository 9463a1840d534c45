"""Orders that choose how the site works."""

from dataclasses import dataclass

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDuplicateThreshold(Order):
    """Show a case as a likely duplicate from this score on (see `schema.rules.duplicates`)."""

    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRulebook(Order):
    """Write the next version of the site's book `name`; `version` is the one that was shown, 0 the usual one.

    `body` is JSON (see `schema.rules.categories`, `limits` and `dictionary` for what is in it); `why` a remark.
    """

    name: str
    body: str
    version: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCalendar(Order):
    """Write the next version of a working calendar; `version` is the one that was shown, 0: there was none.

    `body` is JSON of `schema.rules.calendarbody`.
    """

    name: str
    body: str
    version: int
