"""Quality inspection on pages: what an inspector has to score, the recording beside the form, and the score at once."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.casework import form_id
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import look, note, office, say, shown, visitor
from backoffice.qualityform import Typed, clock, marks_text, of_draft, of_marks, read_form
from backoffice.qualitylists import PATHS, tabs
from backoffice.rights import may, needs
from backoffice.wallboard import queue_names
from schema.desk.errors import Refused
from schema.desk.quality import drop_review, give_review, keep_draft, score_review
from schema.desk.qualityappeals import ANSWER, answer_appeal
from schema.desk.qualitylists import (
    EVERY,
    TODO,
    Row,
    draft_of,
    find,
    history,
    recording_of,
    sheet_of,
)
from schema.desk.qualityplans import PLAN, REVIEW, inspectors
from schema.ids import as_id, uuid7
from schema.orders import AnswerAppeal, DropReview, GiveReview, ScoreReview
from schema.quality import QualityCalibration, QualityReview
from schema.rules.reviews import APPEALED, OPEN
from schema.rules.scoresheet import score

pages = Blueprint("quality", __name__)


@dataclass(frozen=True, slots=True)
class Form:
    """A form after it was refused: what is wrong, by field too, and what was typed."""

    trouble: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    text: str = ""


@pages.get("/quality/reviews/<id>")
@needs(REVIEW)
def one(id: str) -> str:
    """A review: its inspector scores it here, others read it."""
    return render_review(review_id(id))


@pages.get("/quality/appeals/<id>")
@needs(ANSWER)
def appeal(id: str) -> str:
    """A review that was appealed against, for whoever answers."""
    return render_review(review_id(id))


@pages.post("/quality/reviews/<id>/draft")
@needs(REVIEW)
def draft(id: str) -> ResponseReturnValue:
    """Keep what is marked; what it comes to so far."""
    review, typed = review_id(id), request.form
    with office().store.work() as work:
        row = work.session.get(QualityReview, review)
        if row is None:
            raise Refused("not-found", "there is no such review")
        sheet = sheet_of(work.session, row)
        found = keep_draft(
            work, visitor().id, review, marks_text(read_form(sheet, typed)), typed.get("text", "")
        )
        at = shown(work.now, "clock")[:8]
    return jsonify(saved=at, percent=f"{found.percent:g}", fatal=list(found.fatal))


@pages.post("/quality/reviews/<id>/score")
@needs(REVIEW)
def submit(id: str) -> ResponseReturnValue:
    """Score the call; what is refused is shown again as it was typed."""
    review = review_id(id)
    form = _form(review)
    try:
        order = ScoreReview(
            order=order_id(), by=visitor().id, review=review, marks=marks_text(form.typed), text=form.text
        )
        with office().store.work() as work:
            row = score_review(work, order)
            note(work, "quality.score", str(review), reason=f"{row.percent:g}")
    except Refused as refused:
        return _again(review, form, refused)
    return redirect(f"/quality/reviews/{review}?scored=1", 303)


@pages.post("/quality/appeals/<id>")
@needs(ANSWER)
def answer(id: str) -> ResponseReturnValue:
    """Answer an appeal: the score is upheld, or the call is scored anew as marked."""
    review = review_id(id)
    form = _form(review)
    marks = marks_text(form.typed) if request.form.get("answer") == "change" else ""
    try:
        order = AnswerAppeal(order=order_id(), by=visitor().id, review=review, text=form.text, marks=marks)
        with office().store.work() as work:
            row = answer_appeal(work, order)
            note(work, "quality.answer", str(review), reason=row.state)
    except Refused as refused:
        return _again(review, form, refused)
    return redirect(f"/quality/appeals/{review}", 303)


@pages.post("/quality/reviews/<id>/drop")
@needs(REVIEW)
def drop(id: str) -> ResponseReturnValue:
    """Leave out a call that cannot be scored."""
    review, text = review_id(id), request.form.get("text", "")
    try:
        with office().store.work() as work:
            drop_review(work, DropReview(order=order_id(), by=visitor().id, review=review, text=text))
            note(work, "quality.drop", str(review))
    except Refused as refused:
        return _again(review, Form(), refused)
    return redirect(PATHS[TODO], 303)


@pages.post("/quality/reviews/<id>/give")
@needs(PLAN)
def give(id: str) -> ResponseReturnValue:
    """Give an open review to another inspector."""
    review, inspector = review_id(id), form_id("inspector")
    try:
        if inspector is None:
            raise Refused("bad-field", "choose somebody", "inspector")
        with office().store.work() as work:
            order = GiveReview(order=order_id(), by=visitor().id, review=review, inspector=inspector)
            give_review(work, order)
            note(work, "quality.give", str(review), reason=str(inspector))
    except Refused as refused:
        return _again(review, Form(), refused)
    return redirect(PATHS[EVERY], 303)


# -- showing -------------------------------------------------------------------------------------------------------


def review_id(text: str) -> UUID:
    """The id in an address. Raises Refused("not-found")."""
    try:
        return as_id(text)
    except ValueError as error:
        raise Refused("not-found", "there is no such review") from error


def order_id() -> UUID:
    """The id that the page gave its order, or a new one."""
    return form_id("order") or uuid7()


def beside(session: Session, row: Row, form: Form) -> dict[str, Any]:
    """What a page of one review shows: the sheet, the recording if it may be heard, the history, the form's fields."""
    sheet, said = sheet_of(session, row.review), history(session, row.review.id)
    now = next((one for one in said if one.step.id == row.review.step), None)
    found = score(sheet, {code: mark.value for code, mark in now.marks.items()}) if now else None
    return {
        "row": row, "review": row.review, "sheet": sheet, "history": said, "now": now, "score": found,
        "recording": recording_of(session, visitor(), row.review), "form": form, "clock": clock,
        "typed": form.typed or (of_marks(now.marks) if now else {}), "queues": queue_names(office()), "order": uuid7,
    }  # fmt: skip


def _form(review: UUID) -> Form:
    with office().store.read() as session:
        row = session.get(QualityReview, review)
        if row is None:
            raise Refused("not-found", "there is no such review")
        return Form(typed=read_form(sheet_of(session, row), request.form), text=request.form.get("text", ""))


def _again(review: UUID, form: Form, refused: Refused) -> ResponseReturnValue:
    if refused.code not in ("bad-field", "wrong-state"):
        raise refused
    fields = field_texts(refused)
    items = {where: say("refused.bad-field.item") for where in fields if where.startswith("item.")}
    trouble = say("refused.bad-field.item") if items else refusal_text(refused)
    return render_review(review, Form(trouble, fields | items, form.typed, form.text)), status_of(refused)


def render_review(id: UUID, form: Form | None = None) -> str:
    """The page of a review, for its inspector or who plans or answers; `form` after it was refused."""
    who = visitor()
    with office().store.read() as session:
        row = find(session, id)
        if row is None or not _may_see(session, row):
            raise Refused("not-found", "there is no such review")
        review, mine = row.review, row.review.inspector == who.id
        shows = beside(session, row, form or Form())
        scoring = mine and review.state == OPEN and may(who, REVIEW)
        kept = draft_of(session, id, who.id) if scoring else None
        if kept is not None and form is None:
            marked = {code: mark["value"] for code, mark in kept.body["marks"].items()}
            shows |= {"typed": of_draft(kept.body), "kept": kept, "so_far": score(shows["sheet"], marked)}
        answering = review.state == APPEALED and may(who, ANSWER) and review.agent != who.id
        plans = may(who, PLAN) and review.calibration is None
        page = render_template(
            "qualityreview.html", **shows, **tabs(session), mine=mine, scoring=scoring,
            answering=answering and not mine, own_score=answering and mine, about_me=False,
            plans=plans, people=inspectors(session) if plans else [],
            told=request.args.get("scored") == "1" and not scoring,
        )  # fmt: skip
    if not mine:
        look("quality.look", str(id))
    return page


def _may_see(session: Session, row: Row) -> bool:
    """Whether the visitor may read a review: it is theirs to score, or they plan or answer; a calibration is blind."""
    who, review = visitor(), row.review
    if review.inspector == who.id:
        return True
    if recording_of(session, who, review) is None or not (may(who, PLAN) or may(who, ANSWER)):
        return False
    if review.calibration is None:
        return True
    return session.get_one(QualityCalibration, review.calibration).ended_at is not None
