"""Facts about what people chose for the site."""

from uuid import UUID

from schema.facts.base import Fact


class DuplicateThresholdSet(Fact, frozen=True, kw_only=True):
    """From this score on a case is shown as a likely duplicate."""

    threshold: float
    by: UUID | None = None


class RulebookChanged(Fact, frozen=True, kw_only=True):
    """The book `name` (categories, limits, dictionary, assessment) has a new version, which counts from now on."""

    name: str
    version: int
    by: UUID | None = None


class CalendarChanged(Fact, frozen=True, kw_only=True):
    """The working calendar `name` has a new version, by which the clocks of cases filed from now on are counted."""

    name: str
    version: int
    by: UUID | None = None
