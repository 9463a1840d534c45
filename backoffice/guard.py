"""The guard at every page: who asks, in which language, with which right, from which form. Deny first."""

import hmac
import re
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request
from structlog.contextvars import clear_contextvars
from werkzeug.datastructures import LanguageAccept
from werkzeug.wrappers import Response as AnyResponse

from backoffice.office import note, office
from backoffice.rights import LOGGED_IN, PUBLIC, may, right_of
from conf.settings import Settings
from schema.desk import sessions
from schema.rules.languages import LANGUAGES
from schema.store import StoreUnreachable

SESSION_COOKIE = "gridline"
DOOR_COOKIE = "gridline_door"
LANGUAGE_COOKIE = "gridline_language"
_SAFE = ("GET", "HEAD", "OPTIONS")
_DOOR = re.compile(r"[A-Za-z0-9_-]{43}")


class BadForm(Exception):
    """The form did not come from a page of ours, or from one that is out of date."""


def stand(app: Flask) -> None:
    """Put the guard at the door of an application."""
    app.before_request(_let_in)
    app.after_request(_seal)


def wants_json() -> bool:
    """Whether the answer is read by a script and not by a person."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _let_in() -> AnyResponse | None:
    clear_contextvars()  # the thread's last request was about somebody else
    g.language = _language(None)
    g.csrf = ""
    view = current_app.view_functions.get(request.endpoint or "")
    right = PUBLIC if view is None else right_of(view)
    if right == PUBLIC and request.method in _SAFE and request.endpoint in ("static", "vendor", "words"):
        return None
    store = office().store
    g.visitor = None
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        try:
            with store.read() as session:
                g.visitor = sessions.find(session, token, store.clock())
        except StoreUnreachable:
            if right != PUBLIC or request.method not in _SAFE:
                raise
    who = g.visitor
    g.language = _language(who)
    g.csrf = who.csrf if who else _door_token()
    if view is None:
        return None  # 404 or 405, which errors.py answers
    if right is None:
        abort(403)
    if right != PUBLIC and who is None:
        return _to_the_door()
    if right not in (PUBLIC, LOGGED_IN) and not may(who, right):
        with store.work() as work:
            note(work, "refused", f"{request.method} {request.path}", allowed=False, reason=right)
        g.lacked = right
        abort(403)
    if request.method not in _SAFE:
        _check_form(g.csrf)
    if who is not None and sessions.needs_touch(who, store.clock()):
        with store.work() as work:
            sessions.touch(work, who.token_hash)
    return None


def _to_the_door() -> AnyResponse:
    if wants_json() or request.method not in _SAFE:
        answer = jsonify(error="logged-out", text=office().words.say(g.language, "error.logged_out"))
        if wants_json():
            return _with_status(answer, 401)
    return redirect(f"/login?next={request.full_path.rstrip('?') if request.method in _SAFE else '/'}")


def _with_status(answer: Response, status: int) -> Response:
    answer.status_code = status
    return answer


def _door_token() -> str:
    token = request.cookies.get(DOOR_COOKIE, "")
    if _DOOR.fullmatch(token):
        return token
    g.fresh_door = secrets.token_urlsafe(32)
    return str(g.fresh_door)


def _check_form(wanted: str) -> None:
    """Refuse what another site's page sent. Raises BadForm."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadForm
    given = request.headers.get("X-CSRF") or request.form.get("csrf", "")
    if "fresh_door" in g or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise BadForm


def _language(who: sessions.Visitor | None) -> str:
    if who is not None and who.language in LANGUAGES:
        return who.language
    return language_of(request.cookies.get(LANGUAGE_COOKIE, ""), request.accept_languages, office().settings)


def language_of(chosen: str, accepted: LanguageAccept, settings: Settings) -> str:
    """The language of an answer: as chosen (by the cookie), as the browser accepts, or the site's first."""
    if chosen in LANGUAGES:
        return chosen
    wanted = (tag.lower().partition("-")[0] for tag, quality in accepted if quality > 0)
    first = next((code for code in settings.site.languages if code in LANGUAGES), "en")
    return next((code for code in wanted if code in LANGUAGES), first)


def local_path(text: str) -> str:
    """`text` when it is a path on this site, else "/" (never somebody else's address)."""
    parts = urlsplit(text)
    fine = (
        text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return text if fine and "\\" not in text and text.isprintable() else "/"


def strict_headers(settings: Settings, connect: str = "'self'") -> dict[str, str]:
    """The headers of every page; `connect` is where its scripts may connect to."""
    secure = {"Strict-Transport-Security": "max-age=31536000"} if settings.web.secure_cookies else {}
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
            f"font-src 'self'; connect-src {connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
        **secure,
    }


def _seal(answer: Response) -> Response:
    """The strict headers every answer carries."""
    settings = office().settings
    connect = "'self'"
    if request.endpoint in ("seat.page", "wallboard.board") and answer.status_code == 200 and g.visitor.seat:
        pbx = settings.node_of(g.visitor.seat)
        connect += f" ws://{pbx.host}:{pbx.http_port}"
    for name, value in strict_headers(settings, connect).items():
        answer.headers[name] = value
    answer.headers.setdefault("Cache-Control", "no-store")
    if "fresh_door" in g and not request.path.startswith(("/api/", "/healthz", "/readyz")):
        answer.set_cookie(
            DOOR_COOKIE, g.fresh_door, httponly=True, samesite="Strict", secure=settings.web.secure_cookies
        )
    return answer
