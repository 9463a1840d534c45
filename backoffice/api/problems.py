"""What the API answers when something is wrong: problem details (RFC 9457), one code a kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from backoffice.office import office, say
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.store import StoreUnreachable

log = structlog.get_logger()
MIMETYPE = "application/problem+json"
STATUS = {
    "malformed": 400, "no-key": 400, "no-token": 401, "bad-token": 401, "forbidden": 403, "not-found": 404,
    "method": 405, "in-progress": 409, "no-call": 409, "seat-closed": 409, "own-seat": 409, "no-own-seat": 409,
    "not-watching": 409, "wrong-state": 409, "gone": 410, "stale": 412, "too-large": 413, "media-type": 415,
    "range": 416, "other-request": 422, "refused": 422, "too-many": 429, "broken": 500, "no-connection": 503,
    "store": 503,
}  # fmt: skip
"""Every code with its status. Their titles are in words/api.toml."""
_OF_HTTP = {404: "not-found", 405: "method", 413: "too-large", 415: "media-type", 416: "range"}
_OF_DESK = {
    "not-found": "not-found", "stale": "stale", "wrong-state": "wrong-state", "bad-field": "refused",
    "not-allowed": "forbidden",
}  # fmt: skip
SOON = "5"


class FieldError(msgspec.Struct):
    """One wrong field: `field` names it ("target", "query.limit", "header.Idempotency-Key", "path.call")."""

    field: str
    detail: str


class ProblemDetails(msgspec.Struct, omit_defaults=True):
    """RFC 9457 section 3. `type` leads to the documentation; `instance` is in our log too."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldError] = []


@dataclass
class Problem(Exception):
    """A request that is not fulfilled. `code` is one of STATUS; `detail` is for people."""

    code: str
    detail: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


def details(code: str, detail: str, errors: list[tuple[str, str]], language: str, say: Any) -> ProblemDetails:
    """The object for a problem, its title in a language."""
    title = say(language, f"api.{code}")
    return ProblemDetails(
        type=f"/api/v1/docs#problem-{code}",
        title=title,
        status=STATUS[code],
        code=code,
        detail=detail or title,
        instance=f"urn:uuid:{uuid7()}",
        errors=[FieldError(*one) for one in errors],
    )


def always(code: str) -> dict[str, str]:
    """The headers that every problem of this code has."""
    if STATUS[code] == 401:
        error = ', error="invalid_token"' if code == "bad-token" else ""
        return {"WWW-Authenticate": f'Bearer realm="gridline"{error}'}
    return {"Retry-After": SOON} if STATUS[code] in (429, 503) else {}


def register(app: Flask) -> None:
    """Let the API answer its problems."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreUnreachable, lambda _: answer("store"))
    app.register_error_handler(StaleDataError, lambda _: answer("in-progress"))
    app.register_error_handler(Exception, _broken)


def answer(
    code: str,
    detail: str = "",
    errors: list[tuple[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an answer."""
    made = details(code, detail, errors or [], g.get("language", "en"), office().words.say)
    if made.status >= 500:
        log.warning("an API request failed", code=code, instance=made.instance, path=request.path)
    found = Response(msgspec.json.encode(made), made.status, mimetype=MIMETYPE)
    for name, value in {**always(code), **(headers or {})}.items():
        found.headers[name] = value
    return found


def _problem(problem: Problem) -> Response:
    return answer(problem.code, problem.detail, problem.errors, problem.headers)


def of_refusal(refused: Refused) -> Problem:
    """What a desk refused, as the API says it."""
    code = _OF_DESK.get(refused.code, "refused")
    fields = [(name.rstrip("_"), text) for name, text in refused.fields.items()]
    return Problem(code, refused.text, fields)


def _refused(refused: Refused) -> Response:
    return _problem(of_refusal(refused))


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    code = _OF_HTTP.get(error.code, "malformed" if error.code < 500 else "broken")
    allow = {name: value for name, value in error.get_headers() if name == "Allow"}
    limit = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // 1024
    return answer(code, say("error.too_large", limit=limit) if code == "too-large" else "", headers=allow)


def _broken(_error: Exception) -> Response:
    log.exception("the API broke", path=request.path, method=request.method)
    return answer("broken")
