"""The desk of reviews (质检单): scored, left out, or given to another inspector; what is marked is kept meanwhile.

Each step is a row that is never changed. All orders raise `Refused`: not-found, not-allowed, wrong-state (its field
says which: review-over, unheard), bad-field (by item: "item.tone"). The same order again changes nothing.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete

from schema.desk.errors import Refused
from schema.desk.moves import allow
from schema.desk.qualitymarks import (
    Mark,
    check_text,
    locked,
    next_state,
    put_score,
    put_step,
    read_marks,
    refuse_unheard,
    sheet_of,
    was_done,
)
from schema.desk.qualityplans import PLAN, REVIEW, hear
from schema.desk.rulebooks import quality_book
from schema.desk.scope import active_actor
from schema.facts import ReviewDropped, ReviewScored
from schema.orders import DropReview, GiveReview, ReviewOrder, ScoreReview
from schema.quality import QualityCalibration, QualityDraft, QualityReview
from schema.rules import reviews
from schema.rules.access import may
from schema.rules.scoresheet import Score, score
from schema.store import UnitOfWork


def score_review(work: UnitOfWork, order: ScoreReview) -> QualityReview:
    """Score a call by its sheet."""
    review = locked(work, order)
    if was_done(work, order, review, reviews.SCORE):
        return review
    allow(work, order.by, REVIEW)
    _inspector(work, order, review)
    next_state(review, reviews.SCORE)
    _not_ended(work, review)
    sheet = sheet_of(work, review)
    marks = read_marks(sheet, order.marks)
    put_score(work, order, review, sheet, marks, reviews.SCORE, order.text)
    if review.calibration is None:
        review.appeal_until = reviews.until(work.now, quality_book(work.session).appeal_days)
    work.session.execute(delete(QualityDraft).where(QualityDraft.review == review.id))
    work.emit(ReviewScored(at=work.now, review=review.id, agent=review.agent, percent=review.percent or 0.0,
                           fatal=bool(review.fatal), by=order.by))  # fmt: skip
    return review


def drop_review(work: UnitOfWork, order: DropReview) -> QualityReview:
    """Leave a call out that cannot be scored; the plan draws another in its place when it draws again."""
    review = locked(work, order)
    if was_done(work, order, review, reviews.DROP):
        return review
    allow(work, order.by, REVIEW)
    if order.by != review.inspector:
        allow(work, order.by, PLAN)
    next_state(review, reviews.DROP)
    check_text(order.text, 1)
    review.state = reviews.DROPPED
    put_step(work, order, review, reviews.DROP, order.text)
    work.session.execute(delete(QualityDraft).where(QualityDraft.review == review.id))
    work.emit(ReviewDropped(at=work.now, review=review.id, agent=review.agent, by=order.by))
    return review


def give_review(work: UnitOfWork, order: GiveReview) -> QualityReview:
    """Give an open review to another inspector who may hear the call."""
    review = locked(work, order)
    if was_done(work, order, review, reviews.GIVE):
        return review
    allow(work, order.by, PLAN)
    next_state(review, reviews.GIVE)
    actor = active_actor(work.session, order.inspector)
    able = actor is not None and may(actor, REVIEW) and order.inspector != review.agent
    if not able or review.calibration is not None or review.recording not in hear(
        work.session, order.inspector, [review.recording]
    ):  # fmt: skip
        raise Refused("bad-field", "choose somebody who may inspect this call", "inspector")
    review.inspector = order.inspector
    work.session.execute(delete(QualityDraft).where(QualityDraft.review == review.id))
    put_step(work, order, review, reviews.GIVE, "")
    return review


def keep_draft(work: UnitOfWork, by: UUID, review: UUID, marks: str, text: str) -> Score:
    """Keep what is marked so far; what it comes to by now. Raises Refused as a score does, but for what is missing."""
    row = locked(work, ReviewOrder(by=by, review=review))
    allow(work, by, REVIEW)
    _inspector(work, ReviewOrder(by=by, review=review), row)
    next_state(row, reviews.SCORE)
    sheet = sheet_of(work, row)
    found = read_marks(sheet, marks, whole=False)
    check_text(text, 0)
    draft = work.session.get(QualityDraft, (review, by)) or QualityDraft(review=review, by=by)
    draft.body = {"marks": {code: _body(mark) for code, mark in found.items()}, "text": text}
    draft.saved_at = work.now
    work.session.add(draft)
    return score(sheet, {code: mark.value for code, mark in found.items()})


def _body(mark: Mark) -> dict[str, Any]:
    return {"value": mark.value, "second": mark.second, "remark": mark.remark}


def _inspector(work: UnitOfWork, order: ReviewOrder, review: QualityReview) -> None:
    if order.by != review.inspector:
        raise Refused("not-found", "this review is somebody else's")
    refuse_unheard(work, order, review)


def _not_ended(work: UnitOfWork, review: QualityReview) -> None:
    if review.calibration is not None:
        row = work.session.get_one(QualityCalibration, review.calibration, with_for_update=True)
        if row.ended_at is not None:
            raise Refused("wrong-state", "the calibration is over", "review-over")
