"""The people who work with Gridline, as their administrator sees them."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from backoffice.office import note, office
from backoffice.rights import needs
from schema.desk import people
from schema.ids import as_id
from schema.people import Department, User, WebSession

pages = Blueprint("staff", __name__)


@pages.get("/people")
@needs("people.list")
def listing() -> str:
    """Everybody, by post and name: who is online, who is locked out."""
    found = office()
    now = found.store.clock()
    with found.store.read() as session:
        seen = {
            user: at
            for user, at in session.execute(
                select(WebSession.user, func.max(WebSession.seen_at))
                .where(WebSession.ends_at > now)
                .group_by(WebSession.user)
            )
        }
        rows = session.scalars(select(User).order_by(User.post, User.name)).all()
        departments = {row.id: row.name for row in session.scalars(select(Department))}
    return render_template("people.html", rows=rows, departments=departments, seen=seen, now=now)


@pages.post("/people/<user>/unlock")
@needs("people.unlock")
def unlock(user: str) -> ResponseReturnValue:
    """Forget somebody's wrong tries."""
    try:
        wanted: UUID = as_id(user)
    except ValueError:
        abort(404)
    with office().store.work() as work:
        row = people.unlock(work, wanted)
        note(work, "people.unlock", row.login)
    return redirect("/people", 303)
