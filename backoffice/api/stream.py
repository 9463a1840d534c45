"""The event stream: server-sent events straight from the reactor, one long answer a program (see `line`)."""

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from backoffice.api import decode, tail
from backoffice.api.asks import Events
from backoffice.api.line import Line, Sees
from backoffice.api.problems import MIMETYPE, Problem, always, details
from backoffice.api.seen import sight, wanted
from backoffice.api.tail import Page, Tail
from backoffice.words import Words
from schema.desk import tokens
from schema.desk.tokens import Holder
from schema.rules.access import Actor
from schema.store import Store, StoreUnreachable

MOST = 100
"""Lines of one process."""
Held = tuple[str, Actor]
"""A token's secret and who it was to the rules of access when its line was opened."""
log = structlog.get_logger()


class EventStream(Resource):
    """GET /api/v1/events. `wake` looks for what is new (nothing while nobody listens); `beat` every few seconds."""

    isLeaf = True

    def __init__(
        self, store: Store, words: Words, shown: Callable[[str], bool], reactor: Any, pool: Any
    ) -> None:
        super().__init__()
        self._store, self._words, self._shown, self._reactor, self._pool = store, words, shown, reactor, pool
        self._tail = Tail(lambda place: tail.after(store, place))
        self._lines: dict[Line, Held] = {}
        self._reading = self._again = False

    def render_GET(self, request: Request) -> int:
        """Look the token up off the reactor, then open the line."""
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        found = self._aside(self._let_in, request)
        found.addCallback(lambda open: None if gone else self._open(request, *open))
        found.addErrback(lambda failure: None if gone else self._refuse(request, failure))
        return NOT_DONE_YET

    def render(self, request: Request) -> Any:
        """GET alone."""
        if request.method == b"GET":
            return self.render_GET(request)
        self._answer(request, Problem("method", headers={"Allow": "GET"}))
        return NOT_DONE_YET

    def page(self, place: int) -> "Page | Deferred[Page]":
        """See Source."""
        found = self._tail.after(place)
        return found if found is not None else self._aside(tail.after, self._store, place)

    def wake(self) -> None:
        """Facts were committed: read them once, for every line."""
        if not self._lines:
            return
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        self._aside(self._tail.fetch).addCallbacks(self._fetched, self._not_fetched)

    def beat(self) -> "Deferred[Any] | None":
        """Show every line alive, and end those whose tokens opened their last door."""
        self._lines = {line: held for line, held in self._lines.items() if not line.ended}
        for line in list(self._lines):
            line.beat()
        lines = dict(self._lines)
        if not lines:
            return None
        self.wake()
        return self._aside(self._holding, set(lines.values())).addCallback(
            lambda good: self._settle(lines, good)
        )

    def close(self) -> None:
        """End every line."""
        for line in list(self._lines):
            line.end()
        self._lines.clear()

    def _aside(self, call: Callable[..., Any], *given: Any) -> "Deferred[Any]":
        return deferToThreadPool(self._reactor, self._pool, call, *given)

    def _let_in(self, request: Request) -> tuple[Held, Sees, int, int]:
        """The token, what it sees, its place, and the last place there is. Raises Problem, StoreUnreachable."""
        header = (request.getHeader("authorization") or "").strip()
        scheme, _, secret = header.partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not secret:
            raise Problem("no-token")
        who = self._who(secret)
        if who is None:
            raise Problem("bad-token")
        asked, names = _asked(request)
        first, last = tail.ends(self._store)
        place = last if asked is None else asked
        if place > last:
            raise Problem(
                "wrong-state", f"the last event is {last}", [("after", "nothing has this place yet")]
            )
        if 0 < place < first - 1:
            raise Problem("gone", f"the first event that is kept is {first}")
        return (secret, who.actor), sight(who, names, self._shown), place, last

    def _who(self, secret: str) -> Holder | None:
        with self._store.read() as session:
            return tokens.find(session, secret, self._store.clock())

    def _holding(self, helds: set[Held]) -> set[Held]:
        try:
            return {held for held in helds if (who := self._who(held[0])) and who.actor == held[1]}
        except StoreUnreachable:
            return helds  # nobody is shown out because the database is away

    def _settle(self, lines: dict[Line, Held], good: set[Held]) -> None:
        for line, held in lines.items():
            if held not in good:
                line.end()

    def _open(self, request: Request, held: Held, sees: Sees, place: int, last: int) -> None:
        self._lines = {line: other for line, other in self._lines.items() if not line.ended}
        if len(self._lines) >= MOST:
            self._answer(request, Problem("too-many", "too many streams are open"))
            return
        if not self._lines and not self._reading:
            self._tail.start(last)  # nobody listened: what is held may be old, and is not missed
        line = Line(request, self, place, sees, self._reactor.seconds)
        self._lines[line] = held
        line.begin()
        self.wake()

    def _fetched(self, page: Page) -> None:
        self._reading = False
        more = self._tail.take(page)
        if more:
            for line in list(self._lines):
                line.pump()
        if more or self._again:
            self.wake()

    def _not_fetched(self, failure: Failure) -> None:
        self._reading = False
        if not failure.check(StoreUnreachable):
            log.error("the stream cannot read the outbox", reason=str(failure.value))

    def _refuse(self, request: Request, failure: Failure) -> None:
        if isinstance(failure.value, Problem):
            self._answer(request, failure.value)
        elif failure.check(StoreUnreachable):
            self._answer(request, Problem("store"))
        else:
            log.error("a stream was not opened", reason=str(failure.value))
            self._answer(request, Problem("broken"))

    def _answer(self, request: Request, problem: Problem) -> None:
        made = details(problem.code, problem.detail, problem.errors, "en", self._words.say)
        request.setResponseCode(made.status)
        headers = {
            "Content-Type": MIMETYPE, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
            **always(problem.code), **problem.headers,
        }  # fmt: skip
        for name, value in headers.items():
            request.responseHeaders.setRawHeaders(name, [value])
        request.write(msgspec.json.encode(made))
        request.finish()


def _asked(request: Request) -> tuple[int | None, frozenset[str]]:
    """The place after which it goes on (None: from now), and the names of facts. Raises Problem."""
    given = {
        name.decode("utf-8", "replace"): [value.decode("utf-8", "replace") for value in values]
        for name, values in (request.args or {}).items()
    }
    asked: Events = decode.query(Events, given)
    try:
        names = wanted(asked.kinds if isinstance(asked.kinds, str) else None)
    except KeyError as unknown:
        raise Problem("malformed", errors=[("query.kinds", f"there is no {unknown.args[0]}")]) from None
    seen = (request.getHeader("last-event-id") or "").strip()
    if seen:  # a reader that comes back means this, whatever stands in the address it began with
        if not seen.isascii() or not seen.isdigit() or len(seen) > 18:
            raise Problem("malformed", errors=[("header.Last-Event-ID", "is no place")])
        return int(seen), names
    if isinstance(asked.after, int):
        if asked.after >= 10**18:
            raise Problem("malformed", errors=[("query.after", "is no place")])
        return asked.after, names
    return None, names
