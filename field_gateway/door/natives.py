"""Answers the site gives itself, without a thread: what every one of them begins and ends with."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from twisted.web.http import Request
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from field_gateway.door.answers import Problem, away, encode
from field_gateway.door.guard import HEADERS
from schema.desk.errors import Refused
from schema.store import StoreUnreachable

STRICT = {**HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
Found = TypeVar("Found")
log = structlog.get_logger()


class Threads:
    """Where what waits for the database or the disk is done."""

    def __init__(self, reactor: Any, pool: ThreadPool) -> None:
        self.reactor, self.pool = reactor, pool

    def do(self, work: Callable[..., Found], *given: Any) -> "Deferred[Found]":
        """Do it on a thread."""
        found: Deferred[Found] = deferToThreadPool(self.reactor, self.pool, work, *given)
        return found


class Native(Resource):
    """What answers by itself; a method it has no `render_…` for is told so."""

    isLeaf = True

    def render(self, request: Any) -> int:
        """Answer, now or later."""
        method = request.method.decode("ascii", "replace")
        does = getattr(self, f"render_{method}", None)
        if does is None:
            problem = Problem(405, "http-405", "this address does not know that method")
            answer(request, 405, problem.headers, problem.body)
        else:
            does(request)
        return NOT_DONE_YET


def header(request: Request, name: str) -> str:
    """The first header of this name, "" without one."""
    found = request.requestHeaders.getRawHeaders(name)
    return found[0] if found else ""


def peer(request: Request) -> str:
    """Who is at the other end of the connection."""
    return str(getattr(request.getClientAddress(), "host", ""))


def answer(
    request: Request,
    status: int,
    headers: dict[str, str],
    body: bytes = b"",
    *,
    base: Mapping[str, str] = STRICT,
) -> None:
    """Send an answer and be done, unless nobody listens any more; `base`: what goes with it unless `headers` differ."""
    if request.finished or request._disconnected or request.channel is None:
        return
    request.setResponseCode(status)
    for name, value in {**base, "Cache-Control": "no-store", **headers}.items():
        request.setHeader(name, value)
    if status not in (204, 304):
        request.setHeader("Content-Length", str(len(body)))
        if request.method != b"HEAD":
            request.write(body)
    request.finish()


def say(request: Request, told: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
    """Send an object."""
    answer(request, status, {"Content-Type": "application/json", **(headers or {})}, encode(told))


def as_problem(failure: Failure) -> Problem:
    """What went wrong, as it is told."""
    error = failure.value
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreUnreachable | OSError):
        return away(str(error))
    if isinstance(error, Refused):
        return Problem(403 if error.code in ("blocked", "worker-out") else 400, error.code, error.text)
    log.error("the field door failed", reason=failure.getTraceback())
    return Problem(500, "failed", "the server failed; it was written down there")


def refuse(request: Request, failure: Failure, headers: dict[str, str] | None = None) -> None:
    """Send what went wrong."""
    problem = as_problem(failure)
    answer(request, problem.status, {**problem.headers, **(headers or {})}, problem.body)
