"""Orders about quality inspection (质检)."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlan(Order):
    """Write a plan of samples, a new one when `plan` is not there yet.

    `rule` is JSON text as `schema.rules.sampling.read_rule` takes it, `sheet` the code of a sheet; `version` is the one
    that was seen, 0 of a new one.
    """

    plan: UUID
    name: str
    rule: str
    sheet: str
    inspectors: tuple[UUID, ...]
    open: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSample(Order):
    """Draw by a plan from the calls of a `week` ("2026-11-23", any day of it).

    The seed of the first draw of a plan and week stays; "" makes one.
    """

    plan: UUID
    week: str
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOrder(Order):
    """About one review."""

    review: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReview(ReviewOrder):
    """Score a call. `marks` is JSON text: by item {"value": 4, "second": 83.0, "remark": ""}; null: does not apply."""

    marks: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropReview(ReviewOrder):
    """Leave a call out that cannot be scored, and say why."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReview(ReviewOrder):
    """Give a review to another inspector."""

    inspector: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReview(ReviewOrder):
    """Say that one has seen the review of one's own call, and agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReview(ReviewOrder):
    """Appeal against the review of one's own call, and say why."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAppeal(ReviewOrder):
    """Answer an appeal: `marks` as in ScoreReview score the call anew, "" upholds the score."""

    text: str
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginCalibration(Order):
    """Have several inspectors score the call of a review that is there, blind to each other."""

    review: UUID
    inspectors: tuple[UUID, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCalibration(Order):
    """End a calibration, and show its inspectors how far they agree; who has not scored by now does not any more."""

    calibration: UUID
