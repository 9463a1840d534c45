"""What an administrator does to users: a form each, an order to the staff desk, a row in the log."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from backoffice.staff import indented
from schema.desk import staff
from schema.desk.departments import tree
from schema.desk.errors import Refused
from schema.desk.posts import all_posts
from schema.desk.sessions import IDLE
from schema.handsets import Handset
from schema.ids import as_id, uuid7
from schema.orders import (
    AddUser,
    DeactivateUser,
    EditUser,
    EndSessions,
    LockUser,
    ReactivateUser,
    ResetPassword,
    UnlockUser,
    UserOrder,
)
from schema.people import User, WebSession
from schema.rules.access import ADMIN
from schema.store import UnitOfWork

pages = Blueprint("staffwork", __name__)
FIELDS = ("name", "post", "mobile", "work_phone", "seat", "language", "languages", "skills", "queues")
DOES: dict[str, tuple[type[UserOrder], Callable[[UnitOfWork, Any], User]]] = {
    "lock": (LockUser, staff.lock),
    "deactivate": (DeactivateUser, staff.deactivate),
    "reactivate": (ReactivateUser, staff.reactivate),
    "end-sessions": (EndSessions, staff.end_sessions),
}
"""What is done to a user by a button alone."""


@pages.get("/people/new")
@needs(ADMIN)
def blank() -> str:
    """The form for somebody new."""
    return _form(None)


@pages.post("/people/new")
@needs(ADMIN)
def add() -> ResponseReturnValue:
    """Add somebody, and show the password for their first log-in, once."""
    try:
        with office().store.work() as work:
            order = AddUser(**_typed(), login=request.form.get("login", ""))
            user, password = staff.add(work, order)
            note(work, "people.add", user.login, reason=f"post: {user.post}")
            id = user.id
    except Refused as refused:
        return _again(None, refused)
    return _form(id, password=password, told=True)


@pages.get("/people/<user>")
@needs(ADMIN)
def person(user: str) -> str:
    """One user: what is said of them, their sessions, and what can be done."""
    return _form(_id(user))


@pages.post("/people/<user>")
@needs(ADMIN)
def edit(user: str) -> ResponseReturnValue:
    """Say anew what is said of a user."""
    id = _id(user)
    try:
        with office().store.work() as work:
            row = work.session.get(User, id)
            before = _said(row) if row is not None else {}
            row = staff.edit(work, EditUser(**_typed(), user=id))
            changed = "; ".join(f"{name}: {before.get(name)} → {now}" for name, now in _said(row).items()
                                if before.get(name) != now)  # fmt: skip
            note(work, "people.edit", row.login, reason=changed)
    except Refused as refused:
        if refused.code == "not-found":
            raise
        return _again(id, refused)
    return redirect(f"/people/{id}", 303)


@pages.post("/people/<user>/password")
@needs(ADMIN)
def password(user: str) -> ResponseReturnValue:
    """Give a user a password for one log-in, and show it once."""
    id = _id(user)
    with office().store.work() as work:
        row, fresh = staff.reset_password(work, ResetPassword(order=_order(), by=visitor().id, user=id))
        note(work, "people.password", row.login)
    return _form(id, password=fresh, told=True)


@pages.post("/people/<user>/unlock")
@needs("people.unlock")
def unlock(user: str) -> ResponseReturnValue:
    """Let a user in again."""
    return _do(user, "unlock", UnlockUser, staff.unlock)


@pages.post("/people/<user>/<what>")
@needs(ADMIN)
def act(user: str, what: str) -> ResponseReturnValue:
    """Lock, deactivate, reactivate a user, or log them out everywhere."""
    if what not in DOES:
        abort(404)
    return _do(user, what, *DOES[what])


def _do(
    user: str, what: str, kind: type[UserOrder], carry_out: Callable[[UnitOfWork, Any], User]
) -> ResponseReturnValue:
    id = _id(user)
    try:
        with office().store.work() as work:
            row = carry_out(work, kind(order=_order(), by=visitor().id, user=id))
            note(work, f"people.{what}", row.login)
    except Refused as refused:
        if refused.code == "not-found" or not visitor().may(ADMIN):
            raise
        return _again(id, refused)
    return redirect(f"/people/{id}" if visitor().may(ADMIN) else "/people", 303)


def _form(id: UUID | None, **more: Any) -> str:
    now = office().store.clock()
    with office().store.read() as session:
        row = session.get(User, id) if id is not None else None
        if id is not None and row is None:
            abort(404)
        open_: list[WebSession] = []
        handsets = session.scalars(
            select(Handset.device).where(Handset.worker == id).order_by(Handset.device)
        )
        if row is not None:
            held = select(WebSession).where(
                WebSession.user == row.id, WebSession.ends_at > now, WebSession.seen_at > now - IDLE
            )
            open_ = list(session.scalars(held.order_by(WebSession.seen_at.desc())))
        values = more.pop("typed", None) or (
            _values(row) if row is not None else {"post": "agent", "language": "zh"}
        )
        return render_template(
            "person.html", row=row, values=values, sessions=open_, posts=all_posts(session),
            departments=indented(tree(session)), handsets=handsets.all(), now=now, order=uuid7, **{"wrong": {}, **more},
        )  # fmt: skip


def _again(id: UUID | None, refused: Refused) -> ResponseReturnValue:
    """The form with what was typed, and what is wrong with it."""
    typed = {key: value for key, value in request.form.items() if key not in ("csrf", "order")} or None
    return _form(id, typed=typed, trouble=refusal_text(refused), wrong=field_texts(refused)), status_of(
        refused
    )


def _typed() -> dict[str, Any]:
    department = request.form.get("department", "")
    try:
        chosen = as_id(department) if department else None
    except ValueError:
        raise Refused("bad-field", "there is no such department", "department") from None
    values: dict[str, Any] = {field: request.form.get(field, "").strip()[:300] for field in FIELDS}
    return {**values, "department": chosen, "order": _order(), "by": visitor().id}


def _values(row: User) -> dict[str, str]:
    found = {field: str(getattr(row, field) or "") for field in FIELDS}
    return {**found, "department": str(row.department or ""), "login": row.login}


def _said(row: User) -> dict[str, str]:
    return {key: value for key, value in _values(row).items() if key != "login"}


def _order() -> UUID:
    try:
        return as_id(request.form.get("order", ""))
    except ValueError:
        return uuid7()


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
