"""The supervision desk (督办): what is late, who has it, what was done about it; urging many at once by keyboard."""

from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.casework import form_id
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.clocks import light_of
from schema.desk.errors import Refused
from schema.desk.redlist import KINDS, OVER, red_list
from schema.desk.scope import visible_cases
from schema.desk.urging import urge_case
from schema.ids import CaseId, as_id, uuid7
from schema.orders import UrgeCase

pages = Blueprint("supervision", __name__)
MOST = 50


@pages.get("/supervision")
@needs("supervision.see")
def page() -> str:
    """The red list of what this person may see."""
    kind = request.args.get("kind", OVER)
    kind = kind if kind in KINDS else OVER
    holder, store = request.args.get("holder", "")[:60], office().store
    now = store.clock()
    with store.read() as session:
        seen = visible_cases(session, visitor())
        found = red_list(session, seen, kind, holder, request.args.get("after", "")[:90], now)
        lights = {row.case.id: light_of(session, store.zone, row.case, now) for row in found.rows}
    return render_template(
        "supervision.html",
        found=found,
        lights=lights,
        kind=kind,
        kinds=KINDS,
        holder=holder,
        now=now,
        order=uuid7(),
        done=_counted("done"),
        refused=_counted("refused"),
    )


@pages.post("/supervision/urge")
@needs("case.urge")
def urge() -> ResponseReturnValue:
    """Urge those chosen, each an order of its own; one that cannot be urged does not hold up the others."""
    given = form_id("order") or uuid7()
    done = refused = 0
    for text in request.form.getlist("id")[:MOST]:
        try:
            id: UUID = as_id(text)
            with office().store.work() as work:
                case = work.session.get(Case, id)
                if case is None:
                    raise Refused("not-found", "there is no such case")
                urge_case(work, UrgeCase(order=uuid5(given, str(id)), by=visitor().id, case=CaseId(id)))
                note(work, "case.urge", case.case_no)
            done += 1
        except (ValueError, Refused):
            refused += 1
    kind = request.form.get("kind", "")
    return redirect(f"/supervision?kind={kind if kind in KINDS else OVER}&done={done}&refused={refused}", 303)


def _counted(field: str) -> int:
    text = request.args.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
