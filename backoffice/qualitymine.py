"""Reviews of one's own calls: everything that is kept about oneself, acknowledged or appealed against."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import note, office, visitor
from backoffice.quality import Form, beside, order_id, review_id
from backoffice.qualityform import clock
from backoffice.qualitylists import tabs
from backoffice.rights import LOGGED_IN, may, needs
from backoffice.wallboard import queue_names
from schema.desk.errors import Refused
from schema.desk.qualityappeals import APPEAL, acknowledge_review, appeal_review
from schema.desk.qualitylists import about, find
from schema.desk.qualitytrends import Asked, whole
from schema.orders import AcknowledgeReview, AppealReview
from schema.quality import QualityCalibration
from schema.rules.reviews import COUNTED, SCORED
from schema.rules.sampling import week_of

pages = Blueprint("qualitymine", __name__)
PATH = "/quality/mine"
WEEKS = 8
"""The figures above one's own list are of so many weeks."""


@pages.get("/quality/mine")
@needs(LOGGED_IN)
def listing() -> str:
    """What was said of one's own calls."""
    last = week_of(office().store.clock().astimezone(office().zone).date())
    with office().store.read() as session:
        own = whole(session, Asked(last - timedelta(weeks=WEEKS - 1), last, agent=visitor().id))
        rows, more = about(session, visitor().id, request.args.get("after", "")[:40])
        return render_template("quality.html", list="mine", rows=rows, more=more, path=PATH, base=PATH,
                               queues=queue_names(office()), clock=clock, figures=own, weeks=WEEKS,
                               **tabs(session))  # fmt: skip


@pages.get("/quality/mine/<id>")
@needs(LOGGED_IN)
def one(id: str) -> str:
    """One of them, with the recording."""
    return _render(review_id(id))


@pages.post("/quality/mine/<id>/acknowledge")
@needs(APPEAL)
def acknowledge(id: str) -> ResponseReturnValue:
    """Say that one has seen it and agrees."""
    review = review_id(id)
    with office().store.work() as work:
        acknowledge_review(work, AcknowledgeReview(order=order_id(), by=visitor().id, review=review))
        note(work, "quality.acknowledge", str(review))
    return redirect(f"{PATH}/{review}", 303)


@pages.post("/quality/mine/<id>/appeal")
@needs(APPEAL)
def appeal(id: str) -> ResponseReturnValue:
    """Appeal; what is refused is shown again as it was typed."""
    review, text = review_id(id), request.form.get("text", "")
    try:
        with office().store.work() as work:
            appeal_review(work, AppealReview(order=order_id(), by=visitor().id, review=review, text=text))
            note(work, "quality.appeal", str(review))
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        form = Form(refusal_text(refused), field_texts(refused), text=text)
        return _render(review, form), status_of(refused)
    return redirect(f"{PATH}/{review}", 303)


def _render(id: UUID, form: Form | None = None) -> str:
    who, now = visitor(), office().store.clock()
    with office().store.read() as session:
        row = find(session, id)
        if row is None or row.review.agent != who.id or row.review.state not in COUNTED:
            raise Refused("not-found", "there is no such review of yours")
        review = row.review
        calibration = session.get(QualityCalibration, review.calibration) if review.calibration else None
        if calibration is not None and calibration.ended_at is None:
            raise Refused("not-found", "there is no such review of yours")
        open_to_me = review.state == SCORED and review.calibration is None and may(who, APPEAL)
        late = review.appeal_until is None or now > review.appeal_until
        return render_template(
            "qualityreview.html", **beside(session, row, form or Form()), **tabs(session), mine=False, scoring=False,
            answering=False, own_score=False, plans=False, people=[], told=False, about_me=True, to_me=open_to_me,
            late=late,
        )  # fmt: skip
