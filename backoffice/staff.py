"""The people who work with Gridline, as their administrator sees them: found, and who is online from where."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backoffice.office import office, visitor
from backoffice.rights import needs
from schema.desk.departments import Branch, tree
from schema.desk.posts import all_posts
from schema.desk.scope import departments_below
from schema.desk.sessions import IDLE
from schema.ids import as_id
from schema.people import User, WebSession
from schema.rules.access import ADMIN

pages = Blueprint("staff", __name__)
PER_PAGE = 100
SET_IN = "\u2003"
STATES = ("in", "online", "locked", "left")
"""Who can come in, who is in, who is kept out, who works here no longer."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which people: by words, department (and those below), post and state; "" and None do not choose."""

    words: str
    department: UUID | None
    post: str
    state: str
    page: int

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.department or self.post or self.state)


@pages.get("/people")
@needs("people.list")
def listing() -> str:
    """Everybody that is asked for, by post and name: who is online, who is locked out."""
    found, sought = office(), read_sought()
    now = found.store.clock()
    with found.store.read() as session:
        seen = open_sessions(session, now)
        start = sought.page * PER_PAGE
        rows = session.scalars(chosen(session, sought, seen, now).offset(start).limit(PER_PAGE + 1)).all()
        branches = tree(session)
        return render_template(
            "people.html", rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, sought=sought, seen=seen, now=now,
            branches=branches, departments={one.department.id: one.department.name for one in branches},
            posts=all_posts(session), states=STATES, address=visitor().may(ADMIN), asked=_asked(),
        )  # fmt: skip


def read_sought() -> Sought:
    """What the address asks for; what makes no sense chooses nothing."""
    try:
        department: UUID | None = as_id(request.args.get("department", ""))
    except ValueError:
        department = None
    page, state = request.args.get("page", ""), request.args.get("state", "")
    return Sought(
        request.args.get("q", "").strip()[:60],
        department,
        request.args.get("post", "")[:20],
        state if state in STATES else "",
        int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0,
    )


def chosen(session: Session, sought: Sought, seen: dict[UUID, WebSession], now: Any) -> Select[User]:
    """The people that are sought, in order."""
    query = select(User).order_by(User.active.desc(), User.post, User.name, User.id)
    if sought.words:
        fields = (User.name, User.login, User.mobile, User.work_phone, User.seat)
        query = query.where(or_(*(field.icontains(sought.words, autoescape=True) for field in fields)))
    if sought.department is not None:
        query = query.where(User.department.in_(departments_below(session, sought.department)))
    if sought.post:
        query = query.where(User.post == sought.post)
    if sought.state == "online":
        query = query.where(User.id.in_(list(seen)))
    elif sought.state == "left":
        query = query.where(~User.active)
    elif sought.state:
        shut = or_(User.locked, User.locked_until > now)
        fine = or_(User.locked_until.is_(None), User.locked_until <= now)
        query = query.where(User.active, shut if sought.state == "locked" else (~User.locked & fine))
    return query


def open_sessions(session: Session, now: Any) -> dict[UUID, WebSession]:
    """Who is online: of each the session used last."""
    rows = session.scalars(
        select(WebSession)
        .where(WebSession.ends_at > now, WebSession.seen_at > now - IDLE)
        .order_by(WebSession.seen_at)
    )
    return {row.user: row for row in rows}


def indented(branches: list[Branch]) -> list[tuple[str, str]]:
    """The tree for a choice: ids, and names set in as deep as they are."""
    return [(str(one.department.id), SET_IN * one.depth + one.department.name) for one in branches]


def _asked() -> dict[str, str]:
    return {
        name: request.args[name][:60]
        for name in ("q", "department", "post", "state")
        if request.args.get(name)
    }
