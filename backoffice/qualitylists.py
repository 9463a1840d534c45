"""The lists of quality inspection on pages: what waits for an inspector, what is over, appeals, and all of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.office import office, visitor
from backoffice.qualityform import clock
from backoffice.rights import LOGGED_IN, may, needs
from backoffice.wallboard import queue_names
from schema.desk.qualityappeals import ANSWER
from schema.desk.qualitylists import APPEALS, DONE, EVERY, TODO, agents_of, count, count_new, listed
from schema.desk.qualityplans import PLAN, REVIEW
from schema.ids import as_id
from schema.rules.reviews import STATES

pages = Blueprint("qualitylists", __name__)
SEE, EXPORT = "quality.see", "quality.export"
PATHS = {TODO: "/quality/reviews", DONE: "/quality/done", APPEALS: "/quality/appeals", EVERY: "/quality/all"}


@pages.get("/quality")
@needs(LOGGED_IN)
def first() -> ResponseReturnValue:
    """The first of the pages that somebody may see."""
    who = visitor()
    ways = ((REVIEW, PATHS[TODO]), (ANSWER, PATHS[APPEALS]), (SEE, "/reports/quality"))
    return redirect(next((path for right, path in ways if may(who, right)), "/quality/mine"))


@pages.get("/quality/reviews")
@needs(REVIEW)
def todo() -> str:
    """What waits for the inspector."""
    return _listing(TODO)


@pages.get("/quality/done")
@needs(REVIEW)
def done() -> str:
    """What the inspector has scored."""
    return _listing(DONE)


@pages.get("/quality/appeals")
@needs(ANSWER)
def appeals() -> str:
    """Appeals that wait for an answer."""
    return _listing(APPEALS)


@pages.get("/quality/all")
@needs(PLAN)
def every() -> str:
    """All reviews of samples."""
    return _listing(EVERY)


def tabs(session: Session) -> dict[str, Any]:
    """What the tabs above every page of quality inspection show."""
    who = visitor()
    wanted = [(TODO, REVIEW), (APPEALS, ANSWER)]
    found = {name: count(session, who, who.id, name) for name, right in wanted if may(who, right)}
    return {"counts": found | {"mine": count_new(session, who.id)}}


def maybe_id(text: str) -> UUID | None:
    """The id that a text is, None for anything else."""
    try:
        return as_id(text)
    except ValueError:
        return None


def _listing(name: str) -> str:
    who, after = visitor(), request.args.get("after", "")[:40]
    state = request.args.get("state", "") if name == EVERY else ""
    state = state if state in STATES else ""
    agent = maybe_id(request.args.get("agent", "")) if name == EVERY else None
    asked = urlencode({key: str(value) for key, value in (("agent", agent), ("state", state)) if value})
    with office().store.read() as session:
        rows, more = listed(session, who, who.id, name, after, agent=agent, state=state)
        return render_template("quality.html", list=name, rows=rows, more=more, path=PATHS[name], asked=asked,
                               agents=agents_of(session) if name == EVERY else [], agent=agent, state=state,
                               states=STATES,
                               queues=queue_names(office()), base=PATHS[APPEALS if name == APPEALS else TODO],
                               clock=clock, **tabs(session))  # fmt: skip
