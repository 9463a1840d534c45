"""The department tree, to be looked at and changed by an administrator."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import refusal_text, status_of
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from backoffice.staff import indented
from schema.desk import departments as desk
from schema.desk.errors import Refused
from schema.ids import as_id, uuid7
from schema.orders import AddDepartment, CloseDepartment, MoveDepartment, PeopleOrder, RenameDepartment
from schema.people import Department
from schema.rules.access import ADMIN
from schema.store import UnitOfWork

pages = Blueprint("departments", __name__)


@pages.get("/departments")
@needs(ADMIN)
def page() -> str:
    """The tree."""
    return _page()


@pages.post("/departments")
@needs(ADMIN)
def add() -> ResponseReturnValue:
    """Add a department."""
    text = request.form.get
    return _do(
        "add", desk.add_department,
        lambda common: AddDepartment(
            **common, code=text("code", "")[:40], name=text("name", "")[:200], parent=_parent()
        ),
    )  # fmt: skip


@pages.post("/departments/<department>/<what>")
@needs(ADMIN)
def change(department: str, what: str) -> ResponseReturnValue:
    """Rename, move or close a department."""
    try:
        id = as_id(department)
    except ValueError:
        abort(404)
    if what == "rename":
        name = request.form.get("name", "")[:200]
        return _do(
            what, desk.rename_department, lambda common: RenameDepartment(**common, department=id, name=name)
        )
    if what == "move":
        return _do(
            what,
            desk.move_department,
            lambda common: MoveDepartment(**common, department=id, parent=_parent()),
        )
    if what == "close":
        return _do(what, desk.close_department, lambda common: CloseDepartment(**common, department=id))
    abort(404)


def _do(
    what: str,
    carry_out: Callable[[UnitOfWork, Any], Department],
    make: Callable[[dict[str, Any]], PeopleOrder],
) -> ResponseReturnValue:
    try:
        order = as_id(request.form.get("order", ""))
    except ValueError:
        order = uuid7()
    try:
        with office().store.work() as work:
            row = carry_out(work, make({"order": order, "by": visitor().id}))
            note(work, f"department.{what}", f"{row.code} {row.name}")
    except Refused as refused:
        if refused.code == "not-found":
            raise
        return _page(refusal_text(refused)), status_of(refused)
    return redirect("/departments", 303)


def _page(trouble: str = "") -> str:
    with office().store.read() as session:
        branches = desk.tree(session)
        return render_template(
            "departments.html", branches=branches, choices=indented(branches), trouble=trouble, order=uuid7
        )


def _parent() -> UUID | None:
    text = request.form.get("parent", "")
    if not text:
        return None
    try:
        return as_id(text)
    except ValueError:
        raise Refused("bad-field", "there is no such department", "parent") from None
