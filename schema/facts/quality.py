"""Facts about quality inspection (质检)."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDrawn(Fact):
    """Calls of a week ("2026-11-23", its Monday) were drawn by a plan and given to inspectors."""

    plan: UUID
    week: str
    drawn: int
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFact(Fact):
    """About the review of an agent's call."""

    review: UUID
    agent: UUID
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScored(ReviewFact):
    """An inspector scored the call: `percent`, 0 when a `fatal` item failed."""

    percent: float
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDropped(ReviewFact):
    """The call is not scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAcknowledged(ReviewFact):
    """The agent has seen it and agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAppealed(ReviewFact):
    """The agent appealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealAnswered(ReviewFact):
    """The appeal was answered; `changed`: the call was scored anew and comes to `percent`."""

    percent: float
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationEnded(Fact):
    """So many inspectors scored the same call, and may see now how far they agree."""

    calibration: UUID
    scored: int
    by: UUID | None = None
