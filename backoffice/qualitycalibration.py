"""Calibration on pages: who scores which call, blind; and, when it is over, how far they agree."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import note, office, visitor
from backoffice.quality import Form, order_id, render_review, review_id
from backoffice.qualityform import clock
from backoffice.qualitylists import maybe_id, tabs
from backoffice.rights import may, needs
from schema.desk.errors import Refused
from schema.desk.qualitycalibration import (
    agreement_since,
    begin_calibration,
    calibrations,
    end_calibration,
)
from schema.desk.qualityplans import PLAN, REVIEW
from schema.desk.rulebooks import quality_book
from schema.ids import uuid7
from schema.orders import BeginCalibration, EndCalibration
from schema.rules.agreement import spread

pages = Blueprint("qualitycalibration", __name__)
PATH = "/quality/calibrations"
LATELY = timedelta(days=90)


@pages.get("/quality/calibrations")
@needs(REVIEW)
def page() -> str:
    """The calibrations one is in (or all, for whoever begins them), and how far inspectors agreed lately."""
    who = visitor()
    with office().store.read() as session:
        found = calibrations(session, who, None if may(who, PLAN) else who.id)
        items, whole, calls = agreement_since(session, office().store.clock() - LATELY)
        names = {item.code: item for sheet in quality_book(session).sheets for item in sheet.items()}
        names |= {item.code: item for one in found for item in one.sheet.items()}
        ordered = {code: items[code] for code in (*names, *items) if code in items}
        return render_template(
            "qualitycalibrations.html", list="calibrations", found=found, items=ordered, whole=whole, calls=calls,
            names=names, days=LATELY.days, spread=spread, clock=clock, order=uuid7, **tabs(session),
        )  # fmt: skip


@pages.post("/quality/reviews/<id>/calibrate")
@needs(PLAN)
def begin(id: str) -> ResponseReturnValue:
    """Have several inspectors score the call of a review."""
    review = review_id(id)
    inspectors = [id for id in map(maybe_id, request.form.getlist("inspector")) if id is not None]
    try:
        with office().store.work() as work:
            order = BeginCalibration(order=order_id(), by=visitor().id, review=review, inspectors=tuple(inspectors),
                                     remark=request.form.get("remark", ""))  # fmt: skip
            begin_calibration(work, order)
            note(work, "quality.calibrate", str(review))
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return render_review(review, Form(refusal_text(refused), field_texts(refused))), status_of(refused)
    return redirect(PATH, 303)


@pages.post("/quality/calibrations/<id>/end")
@needs(PLAN)
def end(id: str) -> ResponseReturnValue:
    """End one, and show its result."""
    calibration = review_id(id)
    with office().store.work() as work:
        end_calibration(work, EndCalibration(order=order_id(), by=visitor().id, calibration=calibration))
        note(work, "quality.calibrated", str(calibration))
    return redirect(f"{PATH}#c-{calibration}", 303)
