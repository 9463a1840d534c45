"""Orders that choose how the site works."""

from schema.orders.base import Order


class SetDuplicateThreshold(Order, frozen=True, kw_only=True):
    """Show a case as a likely duplicate from this score on (see `schema.rules.duplicates`)."""

    threshold: float


class ChangeRulebook(Order, frozen=True, kw_only=True):
    """Write the next version of the site's book `name`; `version` is the one that was shown, 0 the usual one.

    `body` is JSON (see `schema.rules.categories`, `limits` and `dictionary` for what is in it); `why` a remark.
    """

    name: str
    body: str
    version: int
    why: str = ""


class ChangeCalendar(Order, frozen=True, kw_only=True):
    """Write the next version of a working calendar; `version` is the one that was shown, 0: there was none.

    `body` is JSON of `schema.rules.calendarbody`.
    """

    name: str
    body: str
    version: int
