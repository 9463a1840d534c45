"""What the pages of the street share: their tabs with how much waits behind each, and the form's way of an order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, request
from sqlalchemy.orm import Session

from backoffice.office import office, visitor
from schema.desk import settling
from schema.ids import as_id, uuid7

TABS = (
    ("devices", "/field", "field.see"),
    ("conflicts", "/field/conflicts", "field.settle"),
    ("aside", "/field/aside", "field.see"),
    ("loose", "/field/reports", "field.settle"),
    ("messages", "/field/messages", "field.see"),
)
"""Name, path and right of each."""


def tabs(session: Session) -> dict[str, Any]:
    """What `field_tabs.html` needs."""
    return {"tabs": TABS, "waiting": settling.waiting(session, visitor())}


def long_silence() -> timedelta:
    """How long nothing is heard of a handset on duty before that is worth a word; 0: never."""
    return timedelta(minutes=office().settings.field.silent_minutes)


def ordered() -> dict[str, Any]:
    """The id of the form's order, and who gives it."""
    try:
        order = as_id(request.form.get("order", ""))
    except ValueError:
        order = uuid7()
    return {"order": order, "by": visitor().id}


def id_of(text: str, read: Callable[[str], Any] = as_id) -> Any:
    """The id in an address; 404 for anything else."""
    try:
        return read(text)
    except ValueError:
        abort(404)
