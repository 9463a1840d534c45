"""The page of one case, and the part of it that renews itself."""

from flask import Blueprint, render_template

from backoffice.caseview import TURNS, find_case, view_case
from backoffice.office import look, office, visitor
from backoffice.rights import needs
from schema.desk.moves import locked_case
from schema.desk.supervising import is_for, read_supervisions
from schema.ids import uuid7
from schema.rules.lifecycle import WAY

pages = Blueprint("cases", __name__)


@pages.get("/cases/<ref>")
@needs("case.read")
def page(ref: str) -> str:
    """One case, by number or id."""
    return render_case(ref)


@pages.get("/cases/<ref>/part")
@needs("case.read")
def part(ref: str) -> str:
    """What changes on the page of one case."""
    return render_case(ref, template="case_part.html")


def render_case(ref: str, template: str = "case.html", **more: object) -> str:
    """The page (or part) of one case."""
    store = office().store
    with store.read() as session:
        case = find_case(session, ref)
        confidential, case_no = case.confidential, case.case_no
        view = view_case(session, case, visitor(), store.zone, store.clock())
        page = render_template(
            template, view=view, case=view.case, order=uuid7, states=WAY, turns=set(TURNS.values()), **more
        )
        unread = any(is_for(one, view.case, visitor().actor) for one in view.supervisions)
    if unread:
        # Whoever an order or instruction is for has it before them now: who gave it sees that it was read.
        with store.work() as work:
            read_supervisions(work, locked_case(work, case.id), visitor().actor)
    if confidential:
        look("case.confidential", case_no)
    return page
