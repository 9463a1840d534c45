"""What all steps of a review (质检单) share: locked, refused to whoever may not hear the call, scored, written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import LONGEST_TEXT, check_texts
from schema.desk.qualityplans import hear
from schema.orders import ReviewOrder
from schema.quality import QualityMark, QualityReview, QualityStep, ScoreSheet
from schema.rules import reviews
from schema.rules.bookparts import BadBook, json_object
from schema.rules.scoresheet import Score, Sheet, faults, good, read_sheet, score, share
from schema.store import UnitOfWork

LONGEST_REMARK, LONGEST_RECORDING = 300, 24 * 3600


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of an item: the value (None: does not apply), the second of the recording, a remark."""

    value: int | None
    second: float | None = None
    remark: str = ""


def sheet_of(work: UnitOfWork, review: QualityReview) -> Sheet:
    """The sheet that a review is scored by, as it was when it was drawn."""
    return read_sheet(work.session.get_one(ScoreSheet, review.sheet).body)


def read_marks(sheet: Sheet, text: str, *, whole: bool = True) -> dict[str, Mark]:
    """The marks of an order, by item. `whole`: none may be missing. Raises Refused("bad-field") by item."""
    try:
        given = json_object(text)
    except BadBook as error:
        raise Refused("bad-field", "this is no JSON object", "marks") from error
    wrong: dict[str, str] = {}
    marks = {code: found for code, row in given.items() if (found := _mark(code, row, wrong)) is not None}
    values = {code: mark.value for code, mark in marks.items()}
    said = {code: why for code, why in faults(sheet, values).items() if whole or code in values}
    if wrong := wrong | {f"item.{code}": why for code, why in said.items() if f"item.{code}" not in wrong}:
        raise bad_fields(wrong)
    return marks


def _mark(code: str, row: Any, wrong: dict[str, str]) -> Mark | None:
    row = row if isinstance(row, dict) else {}
    value, second, remark = row.get("value", ""), row.get("second"), row.get("remark", "")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        wrong[f"item.{code}"] = "a value is a whole number, or null"
    elif second is not None and (
        isinstance(second, bool) or not isinstance(second, int | float) or not 0 <= second <= LONGEST_RECORDING
    ):  # fmt: skip
        wrong[f"item.{code}"] = "a time is in seconds from the beginning"
    elif not isinstance(remark, str) or check_texts({"remark": (remark, 0, LONGEST_REMARK)}):
        wrong[f"item.{code}"] = f"a remark is at most {LONGEST_REMARK} characters"
    else:
        return Mark(value, None if second is None else round(float(second), 1), remark.strip())
    return None


def locked(work: UnitOfWork, order: ReviewOrder) -> QualityReview:
    """The review as it is now; whoever else wants to change it waits for our commit."""
    found = work.session.scalar(
        select(QualityReview)
        .where(QualityReview.id == order.review)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Refused("not-found", "there is no such review")
    return found


def was_done(work: UnitOfWork, order: ReviewOrder, review: QualityReview, what: str) -> bool:
    """Whether this very order was carried out before. Raises Refused for an id that meant another order."""
    row = work.session.scalar(select(QualityStep).where(QualityStep.order == order.order))
    if row is not None and (row.review, row.what) != (review.id, what):
        raise Refused("bad-field", f"the order {order.order} was something else before", "order")
    return row is not None


def next_state(review: QualityReview, what: str) -> str:
    """The state that a step leads to. Raises Refused: wrong-state."""
    try:
        return reviews.after(review.state, what)
    except reviews.NoSuchMove as error:
        raise Refused("wrong-state", str(error), "review-over") from error


def refuse_unheard(work: UnitOfWork, order: ReviewOrder, review: QualityReview) -> None:
    """Refuse whoever may not hear the recording."""
    if order.by is not None and not hear(work.session, order.by, [review.recording]):
        raise Refused("wrong-state", "the recording may not be heard", "unheard")


def check_text(text: str, fewest: int) -> None:
    """Refuse a text that is too short or too long."""
    if wrong := check_texts({"text": (text, fewest, LONGEST_TEXT)}):
        raise bad_fields(wrong)


def put_score(
    work: UnitOfWork, order: ReviewOrder, review: QualityReview, sheet: Sheet, marks: Mapping[str, Mark], what: str,
    text: str,
) -> None:  # fmt: skip
    """Write a scoring with its marks; it is the one that counts from now on."""
    check_text(text, 0)
    found = score(sheet, {code: mark.value for code, mark in marks.items()})
    step = put_step(work, order, review, what, text, found)
    for item in sheet.items():
        mark = marks[item.code]
        part = None if mark.value is None else round(share(item, mark.value), 4)
        work.session.add(QualityMark(step=step.id, item=item.code, value=mark.value, share=part, second=mark.second,
                                     remark=mark.remark))  # fmt: skip
    review.step, review.percent = step.id, found.percent
    review.good, review.fatal = good(sheet, found), bool(found.fatal)
    if what == reviews.SCORE:
        review.state, review.scored_at = reviews.SCORED, work.now
    work.session.flush()


def put_step(
    work: UnitOfWork,
    order: ReviewOrder,
    review: QualityReview,
    what: str,
    text: str,
    found: Score | None = None,
) -> QualityStep:
    """Write a step of the history."""
    step = QualityStep(order=order.order, review=review.id, what=what, by=order.by, at=work.now, text=text.strip(),
                       percent=found.percent if found else None,
                       fatal=bool(found.fatal) if found else None)  # fmt: skip
    work.session.add(step)
    work.session.flush()
    return step
