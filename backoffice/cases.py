"""The page of one case, and the part of it that renews itself."""

from flask import Blueprint, render_template

from backoffice.caseview import TURNS, find_case, view_case
from backoffice.office import look, office, visitor
from backoffice.rights import needs
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
    if confidential:
        look("case.confidential", case_no)
    return page
