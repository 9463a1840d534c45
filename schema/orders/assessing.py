"""Orders about the assessment (绩效考核)."""

from uuid import UUID

from schema.orders.base import Order


class GivePoints(Order, frozen=True, kw_only=True):
    """Give points for an item of the book to a unit or a person (`kind`, see `schema.rules.assessment`)."""

    kind: str
    about: UUID
    period: str
    item: str
    points: float
    remark: str = ""
