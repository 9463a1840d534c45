"""Whether this process lives, and whether it can work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from backoffice.metrics import age
from backoffice.office import office
from backoffice.rights import PUBLIC, needs
from schema.outbox import OutboxRow
from schema.store import StoreUnreachable

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@needs(PUBLIC)
def healthz() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(ok=True)


@pages.get("/readyz")
@needs(PUBLIC)
def readyz() -> ResponseReturnValue:
    """200 when the database answers too. Beside it: whether the bus does, for how long a committed message waits to be
    published (seconds), and whether the telephone bridge is heard; these hold all processes of a site alike, so that
    sending people to another would help nobody."""
    found = office()
    try:
        with found.store.read() as session:
            oldest = session.scalar(select(func.min(OutboxRow.at)).where(OutboxRow.seq.is_(None)))
        store, waits = True, round(age(oldest, found.store.clock()), 1)
    except StoreUnreachable:
        store, waits = False, None
    body = {
        "ok": store,
        "database": store,
        "bus": found.bus() == "up",
        "unpublished": waits,
        "bridge": found.floor.alive,
    }
    return jsonify(body), 200 if store else 503
