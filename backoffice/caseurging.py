"""What presses for a case to be done: urging, a supervision order and its answer; one form, one order, each."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from backoffice.casework import common, do, form_id, form_text
from backoffice.office import office
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.supervising import answer_supervision, instruct_case, supervise_case
from schema.desk.urging import urge_case
from schema.orders import AnswerSupervision, InstructCase, SuperviseCase, UrgeCase

pages = Blueprint("caseurging", __name__)


@pages.post("/cases/<ref>/urge")
@needs("case.urge")
def urge(ref: str) -> ResponseReturnValue:
    """Tell who has it to hurry."""
    return do(ref, "urge", lambda case: UrgeCase(**common(case), text=form_text("text")), urge_case)


@pages.post("/cases/<ref>/supervise")
@needs("case.supervise")
def supervise(ref: str) -> ResponseReturnValue:
    """Order what is to be done, and by when to say so."""

    def make(case: Case) -> SuperviseCase:
        text = form_text("text", needed=True)
        return SuperviseCase(**common(case), text=text, answer_by=local_time("answer_by"))

    return do(ref, "supervise", make, supervise_case)


@pages.post("/cases/<ref>/instruct")
@needs("case.instruct")
def instruct(ref: str) -> ResponseReturnValue:
    """A leader's instruction to who has the case, or to one person of them."""

    def make(case: Case) -> InstructCase:
        text = form_text("text", needed=True)
        if request.form.get("person") and form_id("person") is None:
            raise Refused("bad-field", "that is nobody", "person")
        until, person = local_time("answer_by"), form_id("person")
        return InstructCase(**common(case), text=text, answer_by=until, person=person)

    return do(ref, "instruct", make, instruct_case)


@pages.post("/cases/<ref>/answer")
@needs("case.answer")
def answer(ref: str) -> ResponseReturnValue:
    """Answer a supervision order or an instruction."""
    return do(
        ref,
        "answer",
        lambda case: AnswerSupervision(
            **common(case), text=form_text("text", needed=True), supervision=form_id("supervision")
        ),
        answer_supervision,
    )


def local_time(field: str) -> datetime:
    """The time of the site's zone in a field of the form, in UTC. Raises Refused("bad-field") for anything else."""
    text = request.form.get(field, "").strip()
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=office().zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("bad-field", f"{field} is no time", field) from error


def tomorrow() -> str:
    """This time tomorrow, on the full hour, as a field for times has it."""
    at = office().store.clock().astimezone(office().zone) + timedelta(days=1)
    return at.strftime("%Y-%m-%dT%H:00")
