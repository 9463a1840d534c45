"""The API as an application of its own: its door, its problems and its routes; no cookies, no forms, no scripts."""

import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request

from backoffice.api import door, problems
from backoffice.api.giving import Hands
from backoffice.api.table import TABLE
from backoffice.office import Office, say
from schema.pace import Pace

MOUNT = "/api/v1"
BODY_LIMIT = 64 * 1024
WAITING = 4
"""Each that waits holds a thread."""


def make_api(
    office: Office, monotonic: Callable[[], float] = time.monotonic, waiting: int = WAITING
) -> Flask:
    """The application, to be mounted at MOUNT. So many requests may wait for an outcome at the same time."""
    templates = Path(__file__).parent.parent / "templates"
    app = Flask("backoffice.api", template_folder=str(templates), static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    rate = float(office.settings.web.api_rate)
    app.extensions["gridline"] = office
    app.extensions["gridline-door"] = door.Door(Pace(rate, 2 * rate, monotonic), Hands(waiting))
    app.before_request(door.begin)
    app.after_request(_seal)
    app.context_processor(lambda: {"t": say})
    problems.register(app)
    for route in TABLE:
        if not route.native:
            door.hang(app, route)
    return app


def _seal(answer: Response) -> Response:
    """The strict headers every answer carries."""
    style = "style-src 'self'; " if answer.mimetype == "text/html" else ""
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; {style}base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["Vary"] = "Authorization, Accept-Language"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer
