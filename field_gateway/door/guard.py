"""The guard at every page of the door: a page says who may come, and one that does not say is shut."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from structlog.contextvars import clear_contextvars

from field_gateway.door.answers import Problem
from field_gateway.door.credentials import LOGIN_HEADER, device_of, login_of
from field_gateway.door.room import Room
from schema.desk.fieldlogins import LoggedIn
from schema.handsets import Handset

ANYBODY, DEVICE, WORKER = "anybody", "device", "worker"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer, whoever gives it."""
View = TypeVar("View", bound=Callable[..., object])


def needs(who: str) -> Callable[[View], View]:
    """Say who may come: ANYBODY, DEVICE (an enrolled handset) or WORKER (somebody logged in on one)."""

    def mark(view: View) -> View:
        view.__dict__["field_door"] = who
        return view

    return mark


def who_may(view: object) -> str | None:
    """Who may come to a view; None: nobody."""
    found: str | None = getattr(view, "field_door", None)
    return found


def room() -> Room:
    """The room of the application that answers now."""
    found: Room = current_app.extensions["gridline-field"]
    return found


def handset() -> Handset:
    """The handset that asks (of a page that needs DEVICE or WORKER)."""
    found: Handset = g.handset
    return found


def worker() -> LoggedIn:
    """Who is logged in on the handset that asks (of a page that needs WORKER)."""
    found: LoggedIn = g.worker
    return found


def stand(app: Flask) -> None:
    """Put the guard at the door of an application."""
    app.before_request(_let_in)
    app.after_request(_seal)


def _let_in() -> None:
    clear_contextvars()  # the thread's last request was about somebody else
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return  # 404 or 405
    who = who_may(view)
    if who not in (ANYBODY, DEVICE, WORKER):
        raise Problem(403, "not-allowed", "nobody may come here")
    if who in (DEVICE, WORKER):
        g.handset = device_of(room(), request.headers.get("Authorization", ""), request.remote_addr or "")
    if who == WORKER:
        g.worker = login_of(room(), g.handset, request.headers.get(LOGIN_HEADER, ""))


def _seal(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
