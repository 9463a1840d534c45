"""Saved views of the list of cases: one form, one order each; back to the list afterwards."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from backoffice.listform import read_form
from backoffice.office import office, visitor
from backoffice.rights import may, needs
from schema.desk.views import begin_with_view, drop_view, rename_view, restore_view, save_view
from schema.ids import as_id
from schema.orders.views import BeginWithView, DropView, RenameView, RestoreView, SaveView

pages = Blueprint("caseviews", __name__)


@pages.post("/cases/views")
@needs("case.read")
def save() -> ResponseReturnValue:
    """Keep the list that was shown under a name."""
    shared = request.form.get("shared") == "yes"
    if shared and not may(visitor(), "case.share-view"):
        abort(403)
    # Only what a list understands is kept, whatever the form says.
    asked = parse_qsl(request.form.get("query", "")[:8000], max_num_fields=200)
    query = read_form(MultiDict(asked), office().zone, office().store.numbering).query()
    with office().store.work() as work:
        order = SaveView(
            order=_order(), by=visitor().id, name=request.form.get("name", ""), query=query, shared=shared
        )
        view = save_view(work, order)
        return redirect(f"/cases?{_address(view.query)}", 303)


@pages.post("/cases/views/<view>/<what>")
@needs("case.read")
def change(view: str, what: str) -> ResponseReturnValue:
    """Rename a view, throw it away, take it back, let one's list begin with it or no more."""
    try:
        common: dict[str, Any] = {"order": _order(), "by": visitor().id, "view": as_id(view)}
    except ValueError:
        abort(404)
    with office().store.work() as work:
        match what:
            case "rename":
                found = rename_view(work, RenameView(**common, name=request.form.get("name", "")))
            case "drop":
                found = drop_view(work, DropView(**common))
                return redirect(f"/cases?all=1&dropped={found.id}", 303)
            case "restore":
                found = restore_view(work, RestoreView(**common))
            case "begin" | "begin-not":
                found = begin_with_view(work, BeginWithView(**common, begin=what == "begin"))
            case _:
                abort(404)
        return redirect(f"/cases?{_address(found.query)}", 303)


def _address(query: str) -> str:
    return query or "all=1"


def _order() -> UUID:
    try:
        return as_id(request.form.get("order", ""))
    except ValueError:
        abort(400)
