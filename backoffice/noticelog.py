"""The log of notices: who was told of what, by which way, and how it came out; what did not go is sent again."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.contactlist import number
from backoffice.office import note, office
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.notices import send_again
from schema.ids import as_id
from schema.notices import Notice
from schema.people import User
from schema.rules.notices import WAYS

pages = Blueprint("noticelog", __name__)
PER_PAGE = 100
STATES = ("waiting", "sending", "sent", "failed", "could-not")


@pages.get("/notices")
@needs("notice.read")
def page() -> str:
    """The newest first, by how they came out and by way."""
    state, way = _asked("state", STATES), _asked("way", WAYS)
    with office().store.read() as session:
        rows, more = find_notices(session, state, way, request.args.get("before", ""))
    return render_template(
        "notices.html", rows=rows, more=more, state=state, way=way, states=STATES, ways=WAYS, number=number
    )


@pages.post("/notices/<id>/again")
@needs("notice.again")
def again(id: str) -> ResponseReturnValue:
    """Send one again that did not go."""
    try:
        wanted = as_id(id)
    except ValueError:
        abort(404)
    with office().store.work() as work:
        notice = send_again(work, wanted)
        note(work, "notice.again", str(notice.id))
    return redirect("/notices", 303)


def find_notices(session: Session, state: str, way: str, before: str) -> tuple[list[dict[str, Any]], str]:
    """One page of notices, newest first, and the id that the next page begins after ("" when there is none)."""
    chosen = (
        select(Notice, User.name, Case.case_no)
        .outerjoin(User, User.id == Notice.receiver)
        .outerjoin(Case, Case.id == Notice.case)
        .order_by(Notice.id.desc())
        .limit(PER_PAGE + 1)
    )
    if state:
        chosen = chosen.where(Notice.state == state)
    if way:
        chosen = chosen.where(Notice.way == way)
    if before:
        try:
            chosen = chosen.where(Notice.id < as_id(before))
        except ValueError:
            pass  # a broken link shows the first page
    found: list[dict[str, Any]] = [
        {"notice": notice, "name": name, "case_no": no} for notice, name, no in session.execute(chosen)
    ]
    more = str(found[PER_PAGE - 1]["notice"].id) if len(found) > PER_PAGE else ""
    return found[:PER_PAGE], more


def _asked(field: str, known: tuple[str, ...]) -> str:
    value = request.args.get(field, "")
    return value if value in known else ""
