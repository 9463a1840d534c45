"""What is done to a case: dispatch, handle, check, close, send back; each one order to the case desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from backoffice.cases import render_case
from backoffice.caseview import find_case
from backoffice.errors import refusal_text, status_of
from backoffice.guard import wants_json
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.cases import check_case, close_case, dispatch_case, handle_case, send_back_case
from schema.desk.errors import Refused
from schema.ids import CaseId, as_id, uuid7
from schema.orders import CaseOrder, CheckCase, CloseCase, DispatchCase, HandleCase, SendBackCase
from schema.store import UnitOfWork

pages = Blueprint("casework", __name__)
LONGEST = 2000


@pages.post("/cases/<ref>/dispatch")
@needs("case.dispatch")
def dispatch(ref: str) -> ResponseReturnValue:
    """Send a grid worker, or the case to a department."""
    return _do(ref, "dispatch")


@pages.post("/cases/<ref>/handle")
@needs("case.handle")
def handle(ref: str) -> ResponseReturnValue:
    """Say what was done."""
    return _do(ref, "handle")


@pages.post("/cases/<ref>/check")
@needs("case.check")
def check(ref: str) -> ResponseReturnValue:
    """Check what was done: passed or not."""
    return _do(ref, "check")


@pages.post("/cases/<ref>/close")
@needs("case.close")
def close(ref: str) -> ResponseReturnValue:
    """Close the case."""
    return _do(ref, "close")


@pages.post("/cases/<ref>/send-back")
@needs("case.send-back")
def send_back(ref: str) -> ResponseReturnValue:
    """Send the case back a step."""
    return _do(ref, "send-back")


def _do(ref: str, action: str) -> ResponseReturnValue:
    return do(ref, action, lambda case: _order(case, action), _carry_out)


def do(
    ref: str, action: str, make: Callable[[Case], CaseOrder], carry_out: Callable[[UnitOfWork, Any], object]
) -> ResponseReturnValue:
    """Give a case an order made from the form; a refused one shows the page again with what was typed."""
    try:
        with office().store.work() as work:
            case = find_case(work.session, ref)
            carry_out(work, make(case))
            note(work, f"case.{action}", case.case_no)
            answer = {"case_no": case.case_no, "state": case.state, "version": case.version}
    except Refused as refused:
        if wants_json() or refused.code == "not-found":
            raise
        typed = {key: value for key, value in request.form.items() if key != "csrf"}
        page = render_case(
            ref,
            trouble=refusal_text(refused),
            trouble_at=action,
            trouble_field=refused.field,
            typed=typed,
        )
        return page, status_of(refused)
    return jsonify(answer) if wants_json() else redirect(f"/cases/{answer['case_no']}", 303)


def common(case: Case) -> dict[str, Any]:
    """What every order of a case's page says."""
    return {
        "order": form_id("order") or uuid7(),
        "by": visitor().id,
        "contact": case.contact,
        "case": CaseId(case.id),
        "version": _version(),
    }


def _order(case: Case, action: str) -> CaseOrder:
    """The order meant by the form. Raises Refused("bad-field") naming the field."""
    if action == "dispatch":
        worker, department = form_id("worker"), form_id("department")
        if worker is None and department is None:
            raise Refused("bad-field", "choose a grid worker", "worker")
        return DispatchCase(**common(case), worker=worker, department=department, note=form_text("note"))
    if action == "handle":
        return HandleCase(**common(case), text=form_text("text", needed=True))
    if action == "check":
        passed = request.form.get("passed", "")
        if passed not in ("yes", "no"):
            raise Refused("bad-field", "say whether it passed", "passed")
        return CheckCase(
            **common(case), passed=passed == "yes", text=form_text("text", needed=passed == "no")
        )
    if action == "close":
        return CloseCase(**common(case), text=form_text("text"), visit=request.form.get("visit") == "yes")
    return SendBackCase(**common(case), reason=form_text("reason", needed=True))


def _carry_out(work: UnitOfWork, order: CaseOrder) -> None:
    if isinstance(order, DispatchCase):
        dispatch_case(work, order)
    elif isinstance(order, HandleCase):
        handle_case(work, order)
    elif isinstance(order, CheckCase):
        check_case(work, order)
    elif isinstance(order, CloseCase):
        close_case(work, order)
    elif isinstance(order, SendBackCase):
        send_back_case(work, order)


def form_id(field: str) -> UUID | None:
    """The id in a field of the form, None for anything else."""
    try:
        return as_id(request.form.get(field, ""))
    except ValueError:
        return None


def _version() -> int:
    text = request.form.get("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def form_text(field: str, *, needed: bool = False) -> str:
    """The text in a field of the form. Raises Refused("bad-field") for one that is missing or too long."""
    text = request.form.get(field, "").strip()
    if needed and not text:
        raise Refused("bad-field", f"{field} is missing", field)
    if len(text) > LONGEST:
        raise Refused("bad-field", f"{field} is too long", field)
    return text
