"""Cases: the list, the page of one, and the parts of both that renew themselves."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.caseview import TURNS, find_case, view_case
from backoffice.office import office, visitor
from backoffice.rights import needs
from schema.cases import Case
from schema.ids import as_id, uuid7
from schema.rules.lifecycle import STATES, WAY

pages = Blueprint("cases", __name__)
PER_PAGE = 50


@pages.get("/cases")
@needs("case.read")
def listing() -> str:
    """The list, newest first, by state and words."""
    state, words = _asked()
    with office().store.read() as session:
        rows, more = find_cases(session, state, words, request.args.get("before", ""))
    return render_template("cases.html", rows=rows, more=more, state=state, words=words, states=STATES)


@pages.get("/cases/rows")
@needs("case.read")
def rows() -> str:
    """The rows of the list alone."""
    state, words = _asked()
    with office().store.read() as session:
        found, more = find_cases(session, state, words, request.args.get("before", ""))
    return render_template("case_rows.html", rows=found, more=more, state=state, words=words)


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
        view = view_case(session, case, visitor(), store.zone, store.clock())
        return render_template(
            template, view=view, case=view.case, order=uuid7, states=WAY, turns=set(TURNS.values()), **more
        )


def find_cases(session: Session, state: str, words: str, before: str = "") -> tuple[Sequence[Case], str]:
    """One page of cases, newest first, and the id the next page begins after ("" when there is none)."""
    chosen = select(Case).order_by(Case.id.desc()).limit(PER_PAGE + 1)
    if state:
        chosen = chosen.where(Case.state == state)
    if words:
        chosen = chosen.where(
            or_(
                Case.case_no.startswith(words, autoescape=True),
                Case.number == words,
                Case.title.contains(words, autoescape=True),
                Case.text.contains(words, autoescape=True),
            )
        )
    if before:
        try:
            chosen = chosen.where(Case.id < as_id(before))
        except ValueError:
            pass  # a broken link shows the first page
    rows = session.scalars(chosen).all()
    return rows[:PER_PAGE], str(rows[PER_PAGE - 1].id) if len(rows) > PER_PAGE else ""


def _asked() -> tuple[str, str]:
    state = request.args.get("state", "")
    return state if state in STATES else "", request.args.get("q", "").strip()[:60]
