"""Facts about quality inspection (质检)."""

from uuid import UUID

from schema.facts.base import Fact


class SampleDrawn(Fact, frozen=True, kw_only=True):
    """Calls of a week ("2026-11-23", its Monday) were drawn by a plan and given to inspectors."""

    plan: UUID
    week: str
    drawn: int
    by: UUID | None = None


class ReviewFact(Fact, frozen=True, kw_only=True):
    """About the review of an agent's call."""

    review: UUID
    agent: UUID
    by: UUID | None = None


class ReviewScored(ReviewFact, frozen=True, kw_only=True):
    """An inspector scored the call: `percent`, 0 when a `fatal` item failed."""

    percent: float
    fatal: bool = False


class ReviewDropped(ReviewFact, frozen=True, kw_only=True):
    """The call is not scored."""


class ReviewAcknowledged(ReviewFact, frozen=True, kw_only=True):
    """The agent has seen it and agrees."""


class ReviewAppealed(ReviewFact, frozen=True, kw_only=True):
    """The agent appealed."""


class AppealAnswered(ReviewFact, frozen=True, kw_only=True):
    """The appeal was answered; `changed`: the call was scored anew and comes to `percent`."""

    percent: float
    changed: bool = False


class CalibrationEnded(Fact, frozen=True, kw_only=True):
    """So many inspectors scored the same call, and may see now how far they agree."""

    calibration: UUID
    scored: int
    by: UUID | None = None
