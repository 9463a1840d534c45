"""Messages over HTTP: one a request, taken as those of the broker are, and answered by the same receipt."""

import time
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, request

from field_gateway.door.answers import Problem, away, later
from field_gateway.door.guard import DEVICE, handset, needs, room
from field_gateway.intake import Answer
from field_gateway.sending import HEADERS
from field_gateway.wire import encode
from schema.store import StoreUnreachable

TYPES = ("report", "task", "message", "clock", "position")
TRIES = 3
"""How often a message that fails in a way nobody foresaw is tried."""
PAUSE = 0.1
STATUS = {"kept": 201, "again": 200, "conflict": 409, "refused": 422, "later": 503}
REFUSED = {"too-long": 413, "blocked": 403, "unknown-device": 401}
log = structlog.get_logger()
pages = Blueprint("up", __name__)


@pages.post("/field/v1/up/<what>")
@needs(DEVICE)
def up(what: str) -> Response:
    """Take a message of this type."""
    if what not in TYPES:
        raise Problem(404, "bad-topic", f"there is no message of type {what[:40]!r}")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem(415, "bad-field", "a message is not compressed: it is small")
    topic = f"gridline/{handset().device}/up/{what}"
    body = request.get_data()
    beside = [
        (name, request.headers[header]) for header, name in HEADERS.items() if header in request.headers
    ]
    why: list[str] = []
    answer = _taken(topic, lambda: room().intake.take(topic, body, beside), why)
    if answer is None:
        answer = _taken(topic, lambda: room().intake.give_up(topic, body, why[-1] if why else ""), [])
    if answer is None:
        raise Problem(500, "failed", "the server could not take this message; keep it")
    receipt = answer.receipt
    status = STATUS[receipt.status]
    if receipt.status == "refused":
        status = REFUSED.get(str(receipt.code), status)
    told = Response(encode(receipt), status, mimetype="application/json")
    if status in (429, 503):
        told.headers["Retry-After"] = str(getattr(receipt, "retry_after", None) or round(later()))
    return told


def _taken(topic: str, step: Callable[[], Answer | None], why: list[str]) -> Answer | None:
    """What a step answers; None when it failed again and again (`why`). Raises Problem when the store is away.

    The same message may be on its way by the broker too: of two that come at once the second finds the first.
    """
    for tried in range(TRIES):
        try:
            return step()
        except (StoreUnreachable, OSError) as error:
            raise away(str(error)) from error
        except Exception as error:
            why.append(f"{type(error).__name__}: {error}")
            log.exception("a message of the door failed", topic=topic, tried=tried)
            time.sleep(PAUSE)
    return None
