"""Facts about the assessment (绩效考核)."""

from uuid import UUID

from schema.facts.base import Fact


class PointsGiven(Fact, frozen=True, kw_only=True):
    """Somebody gave points for an item to a unit or a person; they count from now on."""

    kind: str
    about: UUID
    period: str
    item: str
    points: float
    by: UUID | None = None
