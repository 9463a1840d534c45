"""What the back office answers when something is wrong: one page or one JSON object, in the reader's language."""

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from backoffice.guard import BadForm, wants_json
from backoffice.office import office, refused_look, say
from schema.desk.errors import Hidden, Refused
from schema.sealing import BadSeal
from schema.store import StoreUnreachable

log = structlog.get_logger()
_SHOWN = (400, 403, 404, 405, 409, 413)
_STATUS = {"not-found": 404, "stale": 409, "wrong-state": 409, "bad-field": 400, "not-allowed": 403}
_NEVER_REPEATED = frozenset({"csrf", "password", "fresh", "again", "code"})


def register(app: Flask) -> None:
    """Let an application answer its errors."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(BadForm, _bad_form)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(StoreUnreachable, _unreachable)
    app.register_error_handler(BadSeal, _bad_seal)
    app.register_error_handler(Exception, _broken)


def answer(status: int, code: str, text: str, **more: Any) -> tuple[Any, int]:
    """An error as JSON or as a page."""
    if wants_json():
        return jsonify(error=code, text=text, **more), status
    return render_template("error.html", status=status, code=code, text=text, **more), status


def refusal_text(refused: Refused) -> str:
    """A refusal in the reader's language: by code and field where there are words for it."""
    return _said(refused.code, refused.field, str(refused))


def field_texts(refused: Refused) -> dict[str, str]:
    """Each wrong field of a refused form, in the reader's language."""
    return {field: _said(refused.code, field, text) for field, text in refused.fields.items()}


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return _STATUS.get(refused.code, 400)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code in _SHOWN:
        return answer(error.code, f"http-{error.code}", say(f"error.{error.code}") + _lacked())
    return answer(error.code, f"http-{error.code}", say("error.400" if error.code < 500 else "error.500"))


def _lacked() -> str:
    """Which right whoever asked would need, in words; "" where that was not why."""
    words, right = office().words, g.get("lacked", "")
    name = next((say(key) for key in (f"right.{right}", f"audit_what.{right}") if words.has(key)), right)
    return say("error.lacked", right=name) if right else ""


def _bad_form(_error: BadForm) -> Any:
    return answer(403, "bad-form", say("error.bad_form"))


def _refused(refused: Refused) -> Any:
    if isinstance(refused, Hidden):
        refused_look("case", refused.case)
    fields = field_texts(refused)
    text = say("refused.bad-field") if len(fields) > 1 else refusal_text(refused)
    return answer(status_of(refused), refused.code, text, fields=fields)


def _stale(_error: StaleDataError) -> Any:
    return answer(409, "stale", say("refused.stale"))


def _unreachable(_error: StoreUnreachable) -> Any:
    repeat = []
    if request.method == "POST" and not wants_json():
        repeat = [(key, value) for key, value in request.form.items(multi=True) if key not in _NEVER_REPEATED]
    kept = {"repeat": repeat, "csrf_kept": request.form.get("csrf", "") if repeat else ""}
    body, status = answer(503, "store", say("error.store"), **({} if wants_json() else kept))
    return body, status, {"Retry-After": "5"}


def _bad_seal(error: BadSeal) -> Any:
    log.error("a sealed secret cannot be read", reason=str(error))
    return answer(503, "seal", say("error.seal"))


def _broken(error: Exception) -> Any:
    log.exception("a page broke", path=request.path, method=request.method)
    text = say("error.500")
    try:
        return answer(500, "broken", text)
    except Exception:  # what broke may be part of every page
        log.exception("error-page")
        return Response(f"{text}\n", 500, mimetype="text/plain")


def _said(code: str, field: str, otherwise: str) -> str:
    words = office().words
    for key in (f"refused.{code}.{field}", f"refused.{code}"):
        if words.has(key):
            return say(key)
    return otherwise
