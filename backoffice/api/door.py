"""The door of the API: a token, its pace, its right, and then one route. Deny first; cookies open nothing here."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from structlog.contextvars import bind_contextvars, clear_contextvars

from backoffice.api import decode
from backoffice.api.atonce import settle
from backoffice.api.giving import Hands, give, noted
from backoffice.api.problems import Problem, of_refusal
from backoffice.api.route import ANY, OPEN, Ask, Route
from backoffice.office import office
from schema.desk import tokens
from schema.desk.errors import Refused
from schema.desk.tokens import Holder
from schema.ids import as_id
from schema.pace import Pace
from schema.rules.languages import LANGUAGES

ONE_LOOK = 600.0
_NOBODY: Any = None


class Door:
    """What requests share in one process: paces, keys at work, looks that were written down lately."""

    def __init__(self, pace: Pace, hands: Hands, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.pace, self.hands, self._monotonic = pace, hands, monotonic
        self._looks: dict[tuple[UUID, str, str], float] = {}

    def new_look(self, token: UUID, what: str, subject: str) -> bool:
        """Whether this look is another than the last few minutes'."""
        now = self._monotonic()
        if len(self._looks) > 10_000:
            self._looks = {look: at for look, at in self._looks.items() if now - at < ONE_LOOK}
        last = self._looks.get((token, what, subject))
        if last is not None and now - last < ONE_LOOK:
            return False
        self._looks[token, what, subject] = now
        return True


def door() -> Door:
    """The door of this application."""
    found: Door = current_app.extensions["gridline-door"]
    return found


def hang(app: Flask, route: Route) -> None:
    """Put a route behind the door."""

    def view(**given: str) -> ResponseReturnValue:
        return _through(route, given)

    app.add_url_rule(
        route.path.replace("{", "<").replace("}", ">"), route.name, view, methods=[route.method],
        provide_automatic_options=False,
    )  # fmt: skip


def look(ask: Ask, what: str, subject: str) -> None:
    """Write a sensitive look down; the many requests of a few minutes are one look."""
    if door().new_look(ask.who.token, what, subject):
        with office().store.work() as work:
            noted(work, ask, what, subject)


def holder(header: str) -> Holder:
    """Who shows the token of an Authorization header. Raises Problem."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem("no-token")
    store = office().store
    with store.read() as session:
        found = tokens.find(session, secret.strip(), store.clock())
    if found is None:
        raise Problem("bad-token")
    return found


def begin() -> None:
    """The language of what people read: of titles, and of the names of queues."""
    clear_contextvars()
    g.visitor = None
    wanted = (tag.lower().partition("-")[0] for tag, quality in request.accept_languages if quality > 0)
    g.language = next((code for code in wanted if code in LANGUAGES), "en")


def _through(route: Route, given: dict[str, str]) -> ResponseReturnValue:
    if route.right == OPEN:
        return _answer(route, route.does(Ask(_NOBODY, route, {}, None, None)))
    header = request.headers.get("Authorization", "")
    who = holder(header)
    g.visitor = who.user
    bind_contextvars(program=who.name)
    if wait := door().pace.take(who.token):
        raise Problem("too-many", headers={"Retry-After": str(max(1, round(wait + 0.5)))})
    ask = Ask(who, route, {}, None, None)
    try:
        if route.right != ANY:
            ask.need(route.right)
        ask = Ask(
            who, route, decode.path(route, given), decode.query(route.query, request.args.to_dict(flat=False)),
            decode.body(route.body, request.get_data(), request.mimetype) if route.orders else None,
            header.partition(" ")[2].strip(),
            decode.key(request.headers.get("Idempotency-Key")) if route.orders else "",
            decode.version(request.headers.get("If-Match")) if route.versioned else 0,
        )  # fmt: skip
        _touched(who)
        made = _made(ask)
    except Problem as problem:
        if problem.code == "forbidden":
            with office().store.work() as work:
                noted(work, ask, "refused", f"{request.method} {request.path}", problem.detail, allowed=False)
        raise
    return _answer(route, made)


def _made(ask: Ask) -> Any:
    try:
        if not ask.route.orders:
            return ask.route.does(ask)
        return give(ask, door().hands) if ask.route.told is None else settle(ask, door().hands)
    except Refused as refused:
        raise of_refusal(refused) from refused


def _answer(route: Route, made: Any) -> ResponseReturnValue:
    if isinstance(made, Response):
        return made
    status = 202 if route.orders and route.told is None else route.status
    found = Response(msgspec.json.encode(made), status, mimetype="application/json")
    if route.orders:
        found.headers["Location"] = f"{request.script_root}/orders/{made.id}"
    if route.etag is not None and (version := route.etag(made)):
        found.headers["ETag"] = f'"{version}"'
    return found


def _touched(who: Holder) -> None:
    if tokens.needs_touch(who, office().store.clock()):
        with office().store.work() as work:
            tokens.touch(work, who.token)


def id_in(text: str) -> UUID | None:
    """The id that is written there."""
    try:
        return as_id(text)
    except ValueError:
        return None
