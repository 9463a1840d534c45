"""Orders about the assessment (绩效考核)."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePoints(Order):
    """Give points for an item of the book to a unit or a person (`kind`, see `schema.rules.assessment`)."""

    kind: str
    about: UUID
    period: str
    item: str
    points: float
    remark: str = ""
