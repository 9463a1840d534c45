"""Orders about quality inspection (质检)."""

from uuid import UUID

from schema.orders.base import Order


class SavePlan(Order, frozen=True, kw_only=True):
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


class DrawSample(Order, frozen=True, kw_only=True):
    """Draw by a plan from the calls of a `week` ("2026-11-23", any day of it).

    The seed of the first draw of a plan and week stays; "" makes one.
    """

    plan: UUID
    week: str
    seed: str = ""


class ReviewOrder(Order, frozen=True, kw_only=True):
    """About one review."""

    review: UUID


class ScoreReview(ReviewOrder, frozen=True, kw_only=True):
    """Score a call. `marks` is JSON text: by item {"value": 4, "second": 83.0, "remark": ""}; null: does not apply."""

    marks: str
    text: str = ""


class DropReview(ReviewOrder, frozen=True, kw_only=True):
    """Leave a call out that cannot be scored, and say why."""

    text: str


class GiveReview(ReviewOrder, frozen=True, kw_only=True):
    """Give a review to another inspector."""

    inspector: UUID


class AcknowledgeReview(ReviewOrder, frozen=True, kw_only=True):
    """Say that one has seen the review of one's own call, and agrees."""


class AppealReview(ReviewOrder, frozen=True, kw_only=True):
    """Appeal against the review of one's own call, and say why."""

    text: str


class AnswerAppeal(ReviewOrder, frozen=True, kw_only=True):
    """Answer an appeal: `marks` as in ScoreReview score the call anew, "" upholds the score."""

    text: str
    marks: str = ""


class BeginCalibration(Order, frozen=True, kw_only=True):
    """Have several inspectors score the call of a review that is there, blind to each other."""

    review: UUID
    inspectors: tuple[UUID, ...]
    remark: str = ""


class EndCalibration(Order, frozen=True, kw_only=True):
    """End a calibration, and show its inspectors how far they agree; who has not scored by now does not any more."""

    calibration: UUID
