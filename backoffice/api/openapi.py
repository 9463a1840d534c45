"""The OpenAPI 3.1 document, made of the table of routes and the shapes they name."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from backoffice.api import asks, shapes
from backoffice.api.problems import MIMETYPE, STATUS, ProblemDetails
from backoffice.api.route import ANY, OPEN, PATH, Route

VERSION = "1.0.0"
ABOUT = (
    "Calls, transfers, agents, queues, recordings and call-backs of a city's hotline, and its cases, tasks, citizens "
    "and calendars. A token is made with `gridline token add`. Every POST is an order with an Idempotency-Key. One "
    "for the telephone room is answered 202 with the order, whose outcome is at its Location; ?wait= waits for it. "
    "One about a case is done when it is answered; If-Match with the case's ETag keeps it from what nobody has seen."
)
TAGS = {
    "calls": "Calls and what an agent does with one", "transfers": "Transfers with a consultation",
    "agents": "Agents and their seats", "supervision": "What a supervisor does; each act has a reason",
    "queues": "Queues and who waits", "recordings": "Recordings", "callbacks": "Promised call-backs",
    "cases": "Cases: found, read, filed", "casework": "What is done to a case, each one order of its life cycle",
    "tasks": "Tasks of grid workers", "visits": "Return visits", "citizens": "Citizens who asked, and contacts",
    "calendars": "Working calendars",
    "webhooks": "Webhooks: who is told of what happens, and the log",
    "orders": "What became of an order", "events": "What happens, as it happens", "documentation": "This document",
}  # fmt: skip
_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "The order's own key. The same key with the same request is the same order; for seven days.",
    "schema": {"type": "string", "pattern": "^[!#-\\[\\]-~]{1,200}$", "examples": ["8e03978e-40d5-43dd"]},
}  # fmt: skip
_MATCH = {
    "name": "If-Match", "in": "header", "required": False,
    "description": "The ETag of what was seen. When it has changed since, nothing is done (412).",
    "schema": {"type": "string", "pattern": '^(\\*|"[1-9][0-9]{0,8}")$', "examples": ['"3"', "*"]},
}  # fmt: skip
_ETAG = {"schema": {"type": "string"}, "description": "the version of the thing now, for If-Match"}
_SECONDS = {"schema": {"type": "integer", "minimum": 1}, "description": "in how many seconds to try again"}
_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": _SECONDS}, 503: {"Retry-After": _SECONDS},
}  # fmt: skip
Json = dict[str, Any]


@lru_cache(maxsize=4)
def document(table: Sequence[Route]) -> Json:
    """The whole document."""
    kinds: set[type[Any]] = {ProblemDetails, shapes.Event}
    for route in table:
        kinds |= {
            one for one in (route.gives, route.body) if isinstance(one, type) and one is not asks.Nothing
        }
    named = sorted((one for one in kinds if issubclass(one, msgspec.Struct)), key=lambda one: one.__name__)
    _, schemas = msgspec.json.schema_components(named, ref_template="#/components/schemas/{name}")
    paths: dict[str, Json] = {}
    for route in table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gridline API", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> Json:
    made: Json = {"operationId": route.name, "tags": [route.tag], "summary": route.summary}
    if route.right in (OPEN, ANY):
        if route.right == OPEN:
            made["security"] = []
    else:
        made["x-right"] = route.right
    right = "" if route.right in (OPEN, ANY) else f"Needs the right `{route.right}`."
    if text := " ".join(part for part in (route.about, right) if part):
        made["description"] = text
    headers = [*([_KEY] if route.orders else []), *([_MATCH] if route.versioned else [])]
    if parameters := [*_in_path(route), *_in_query(route), *headers]:
        made["parameters"] = parameters
    if route.orders and route.body is not asks.Nothing:
        needed = any(field.required for field in msgspec.structs.fields(route.body))
        made["requestBody"] = {
            "required": needed,
            "content": {"application/json": {"schema": _ref(route.body)}},
        }
    made["responses"] = {**_fine(route), **_problems(route)}
    return made


def _in_path(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(PATH[name])}
        for name in route.names
    ]


def _in_query(route: Route) -> list[Json]:
    if route.query is asks.Nothing:
        return []
    shape = msgspec.json.schema_components([route.query])[1][route.query.__name__]
    needed = shape.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _fine(route: Route) -> Json:
    if route.orders:
        location = {
            "schema": {"type": "string"},
            "description": "where the order's outcome is",
            "required": True,
        }
        content = {"application/json": {"schema": _ref(route.gives)}}
        headers = {"Location": location, **({"ETag": _ETAG} if route.etag else {})}
        code, text = (
            ("202", "The order is taken down") if route.told is None else (str(route.status), "It is done")
        )
        return {code: {"description": text, "headers": headers, "content": content}}
    if route.media == "application/json":
        schema = _ref(route.gives) if _named(route.gives) else {"type": "object"}
        found: Json = {"description": "It is there", "content": {route.media: {"schema": schema}}}
        return {"200": found | ({"headers": {"ETag": _ETAG}} if route.etag else {})}
    content = {route.media: {"schema": {"type": "string"}}}
    if route.media == "audio/ogg":
        content = {route.media: {}}
        return {
            code: {"description": text, "content": content}
            for code, text in (("200", "All of it"), ("206", "The range"))
        }
    return {"200": {"description": "It is there", "content": content}}


def _problems(route: Route) -> Json:
    found: Json = {}
    for status in sorted({STATUS[code] for code in route.codes}):
        codes = ", ".join(code for code in route.codes if STATUS[code] == status)
        found[str(status)] = {"description": codes, "content": {MIMETYPE: {"schema": _ref(ProblemDetails)}}}
        if status in _HEADERS:
            found[str(status)]["headers"] = _HEADERS[status]
    return found


def _named(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _ref(kind: Any) -> Json:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
