"""The desk of appeals (质检申诉): an agent acknowledges a review or appeals against it, and somebody else answers.

A score that an appeal changes is a new one beside the old, which stays. All orders raise `Refused`: not-found,
not-allowed, wrong-state (its field says which: review-over, appeal-late, own-call, own-score, unheard), bad-field.
The same order again changes nothing.
"""

from schema.desk.errors import Refused
from schema.desk.moves import allow
from schema.desk.qualitymarks import (
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
from schema.facts import AppealAnswered, ReviewAcknowledged, ReviewAppealed
from schema.orders import AcknowledgeReview, AnswerAppeal, AppealReview, ReviewOrder
from schema.quality import QualityReview
from schema.rules import reviews
from schema.store import UnitOfWork

APPEAL, ANSWER = "quality.appeal", "quality.answer"


def acknowledge_review(work: UnitOfWork, order: AcknowledgeReview) -> QualityReview:
    """The agent has seen it."""
    review = locked(work, order)
    if was_done(work, order, review, reviews.ACKNOWLEDGE):
        return review
    _own(work, order, review)
    review.state = next_state(review, reviews.ACKNOWLEDGE)
    put_step(work, order, review, reviews.ACKNOWLEDGE, "")
    work.emit(ReviewAcknowledged(at=work.now, review=review.id, agent=review.agent, by=order.by))
    return review


def appeal_review(work: UnitOfWork, order: AppealReview) -> QualityReview:
    """The agent appeals, once, within the days that the book gives."""
    review = locked(work, order)
    if was_done(work, order, review, reviews.APPEAL):
        return review
    _own(work, order, review)
    state = next_state(review, reviews.APPEAL)
    if review.appeal_until is None or work.now > review.appeal_until:
        raise Refused("wrong-state", "the days for an appeal are over", "appeal-late")
    check_text(order.text, 1)
    review.state = state
    put_step(work, order, review, reviews.APPEAL, order.text)
    work.emit(ReviewAppealed(at=work.now, review=review.id, agent=review.agent, by=order.by))
    return review


def answer_appeal(work: UnitOfWork, order: AnswerAppeal) -> QualityReview:
    """Answer an appeal: uphold the score, or score the call anew; neither the agent nor who scored it answers."""
    review = locked(work, order)
    what = reviews.CHANGE if order.marks else reviews.UPHOLD
    if was_done(work, order, review, what):
        return review
    allow(work, order.by, ANSWER)
    if order.by == review.agent:
        raise Refused("wrong-state", "nobody inspects their own call", "own-call")
    if order.by == review.inspector:
        raise Refused("wrong-state", "somebody else answers than who scored it", "own-score")
    refuse_unheard(work, order, review)
    state = next_state(review, what)
    check_text(order.text, 1)
    if order.marks:
        sheet = sheet_of(work, review)
        put_score(work, order, review, sheet, read_marks(sheet, order.marks), what, order.text)
    else:
        put_step(work, order, review, what, order.text)
    review.state = state
    work.emit(AppealAnswered(at=work.now, review=review.id, agent=review.agent, percent=review.percent or 0.0,
                             changed=bool(order.marks), by=order.by))  # fmt: skip
    return review


def _own(work: UnitOfWork, order: ReviewOrder, review: QualityReview) -> None:
    """Refuse whoever it is not about, and what is a calibration: that is about its inspectors."""
    allow(work, order.by, APPEAL)
    if order.by != review.agent or review.calibration is not None:
        raise Refused("not-found", "there is no such review of yours")
