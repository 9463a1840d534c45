"""Marks on a case: to follow it, and to mark it as hot; by a form, or by one key."""

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from backoffice.caseview import find_case
from backoffice.casework import common, form_text
from backoffice.guard import local_path, wants_json
from backoffice.office import note, office
from backoffice.rights import needs
from schema.desk.casemarks import follow_case, mark_hot, unfollow_case, unmark_hot
from schema.orders import FollowCase, MarkHot, UnfollowCase, UnmarkHot

pages = Blueprint("casemarks", __name__)


@pages.post("/cases/<ref>/follow")
@needs("case.follow")
def follow(ref: str) -> ResponseReturnValue:
    """Follow it, or (`on` is "no") no longer."""
    with office().store.work() as work:
        case = find_case(work.session, ref)
        if _on():
            on = follow_case(work, FollowCase(**common(case)))
        else:
            on = unfollow_case(work, UnfollowCase(**common(case)))
        answer = {"case_no": case.case_no, "on": on}
    return _answer(answer)


@pages.post("/cases/<ref>/hot")
@needs("case.hot")
def hot(ref: str) -> ResponseReturnValue:
    """Mark it as hot for everybody, or (`on` is "no") take the mark off."""
    with office().store.work() as work:
        case = find_case(work.session, ref)
        text = form_text("text")
        if _on():
            on = mark_hot(work, MarkHot(**common(case), text=text))
        else:
            on = unmark_hot(work, UnmarkHot(**common(case), text=text))
        note(work, "case.hot", case.case_no)
        answer = {"case_no": case.case_no, "on": on}
    return _answer(answer)


def _on() -> bool:
    return request.form.get("on", "yes") != "no"


def _answer(answer: dict[str, object]) -> ResponseReturnValue:
    if wants_json():
        return jsonify(answer)
    there = request.form.get("next", "")
    return redirect(local_path(there) if there else f"/cases/{answer['case_no']}", 303)
