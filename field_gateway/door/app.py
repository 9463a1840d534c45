"""The application behind the door: what answers at once. Long polls, uploads and files are the site's own."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from field_gateway.door import access, config, groups, guard, metrics, mine, reads, tracks, up
from field_gateway.door.answers import Problem, away
from field_gateway.door.room import Room
from field_gateway.figures import Figures
from schema.desk.errors import Refused
from schema.store import StoreUnreachable

BODY_LIMIT = 256 * 1024
"""Bytes of a body, whatever it is; photos come by tus."""
_STATUS = {"not-found": 404, "stale": 409, "wrong-state": 409, "not-allowed": 403, "blocked": 403,
           "worker-out": 403}  # fmt: skip
log = structlog.get_logger()


def make_app(room: Room, figures: Figures | None = None) -> Flask:
    """The application of one room; `figures` is what /metrics tells."""
    app = Flask("field_gateway.door", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT)
    app.extensions["gridline-field"] = room
    app.extensions["gridline-figures"] = figures or Figures()
    guard.stand(app)
    for part in (config, access, up, mine, reads, metrics, tracks, groups):
        app.register_blueprint(part.pages)
    answers: dict[type[Exception], Callable[[Any], Response]] = {
        Problem: _told,
        HTTPException: lambda error: _told(
            Problem(error.code or 500, f"http-{error.code}", error.description or "")
        ),
        Refused: lambda error: _told(Problem(_STATUS.get(error.code, 400), error.code, error.text)),
        StoreUnreachable: lambda error: _told(away(str(error))),
        Exception: _broken,
    }
    for kind, answer in answers.items():
        app.register_error_handler(kind, answer)
    return app


def _told(problem: Problem) -> Response:
    return Response(problem.body, problem.status, problem.headers)


def _broken(error: Exception) -> Response:
    log.exception("the field door failed", reason=type(error).__name__)
    return _told(Problem(500, "failed", "the server failed; it was written down there"))
