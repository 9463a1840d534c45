"""Whether this process lives, and whether it can work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from backoffice.office import office
from backoffice.rights import PUBLIC, needs
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
    """200 when the database answers too; whether the telephone bridge is heard is said beside it."""
    try:
        office().store.ping()
        store = True
    except StoreUnreachable:
        store = False
    return jsonify(ok=store, database=store, bridge=office().floor.alive), 200 if store else 503
