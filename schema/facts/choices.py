"""Facts about what people chose for the site."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateThresholdSet(Fact):
    """From this score on a case is shown as a likely duplicate."""

    threshold: float
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookChanged(Fact):
    """The book `name` (categories, limits, dictionary, assessment) has a new version, which counts from now on."""

    name: str
    version: int
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Fact):
    """The working calendar `name` has a new version, by which the clocks of cases filed from now on are counted."""

    name: str
    version: int
    by: UUID | None = None
