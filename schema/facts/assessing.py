"""Facts about the assessment (绩效考核)."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsGiven(Fact):
    """Somebody gave points for an item to a unit or a person; they count from now on."""

    kind: str
    about: UUID
    period: str
    item: str
    points: float
    by: UUID | None = None
