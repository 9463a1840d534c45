"""The live feed: server-sent events straight from the reactor, one long answer per open screen."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request
from zope.interface import implementer

from backoffice.guard import SESSION_COOKIE
from backoffice.hub import Hub
from backoffice.sse import open_stream
from backoffice.stream import Stream
from schema.desk import sessions
from schema.desk.sessions import Visitor
from schema.ids import as_id
from schema.store import Store, StoreUnreachable


@implementer(IPushProducer)
class Line:
    """One browser's connection. Writes only while the peer reads; what does not fit waits in its stream."""

    def __init__(self, request: Request, stream: Stream, hub: Hub) -> None:
        self.stream = stream
        self._request = request
        self._hub = hub
        self._paused = False
        self.ended = False

    def begin(self) -> None:
        """Send the headers and the first whole picture."""
        open_stream(self._request)
        self._request.notifyFinish().addBoth(self._gone)
        self._request.registerProducer(self, True)
        self._hub.listeners.add(self)
        self._request.write(b"retry: 2000\n\n")
        self.stream.begin()
        self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._paused and not self.ended and not self.stream.idle:
            self._request.write(self.stream.take())

    def end(self) -> None:
        """Say goodbye: the session is over."""
        if not self.ended:
            self.stream.put("bye", {})
            self._paused = False
            self.flush()
            self._request.unregisterProducer()
            self._request.finish()

    def pauseProducing(self) -> None:
        """The peer does not read as fast as we write."""
        self._paused = True

    def resumeProducing(self) -> None:
        """The peer reads again."""
        self._paused = False
        self.flush()

    def stopProducing(self) -> None:
        """The connection is gone."""
        self._gone(None)

    def _gone(self, _: object) -> None:
        self.ended = True
        self._hub.listeners.discard(self)


class Feed(Resource):
    """GET /feed, with the session's cookie; ``?contact=<id>`` asks for every step of one contact too."""

    isLeaf = True

    def __init__(self, store: Store, hub: Hub, reactor: Any, pool: Any) -> None:
        super().__init__()
        self._store = store
        self._hub = hub
        self._reactor = reactor
        self._pool = pool
        self._tokens: dict[Line, str] = {}

    def render_GET(self, request: Request) -> int:
        """Look the session up off the reactor, then open the line."""
        token = (request.getCookie(SESSION_COOKIE.encode()) or b"").decode("ascii", "replace")
        contact = _contact((request.args or {}).get(b"contact", [b""])[0])
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        found = deferToThreadPool(self._reactor, self._pool, self._who, token)
        found.addCallback(lambda who: None if gone else self._open(request, token, who, contact))
        found.addErrback(lambda failure: None if gone else _refuse(request, failure))
        return NOT_DONE_YET

    def recheck(self) -> "Deferred[Any] | None":
        """Ask again whether the sessions of all lines still hold; an open screen counts as use."""
        lines = {line: token for line, token in self._tokens.items() if not line.ended}
        self._tokens = dict(lines)
        if not lines:
            return None
        found = deferToThreadPool(self._reactor, self._pool, self._all, set(lines.values()))

        def settle(holding: "dict[str, Visitor | None] | None") -> None:
            for line, token in lines.items():
                if holding is None:
                    continue
                if (who := holding[token]) is None:
                    self._tokens.pop(line, None)
                    line.end()
                else:
                    # Another post, or other rights of it, count for open screens too.
                    line.stream.belongs(who)
                    line.flush()

        found.addCallback(settle)
        return found

    def close(self) -> None:
        """End every line."""
        for line in list(self._tokens):
            line.end()
        self._tokens.clear()

    def _open(self, request: Request, token: str, who: Visitor | None, contact: UUID | None) -> None:
        if who is None:
            _answer(request, 401, {"error": "logged-out"})
            return
        line = Line(request, Stream(who, self._hub.whole, contact), self._hub)
        self._tokens[line] = token
        line.begin()

    def _find(self, tokens: Collection[str]) -> dict[str, Visitor]:
        with self._store.read() as session:
            return sessions.find_all(session, tokens, self._store.clock())

    def _who(self, token: str) -> Visitor | None:
        return self._find([token]).get(token)

    def _all(self, tokens: Collection[str]) -> dict[str, Visitor | None] | None:
        """Who holds each, all asked at once: with hundreds of screens open the reactor would have to wait for each."""
        try:
            found = self._find(tokens)
            now = self._store.clock()
            if old := [who.token_hash for who in found.values() if sessions.needs_touch(who, now)]:
                with self._store.work() as work:
                    sessions.touch(work, *old)
            return {token: found.get(token) for token in tokens}
        except StoreUnreachable:
            return None  # nobody is shown out because the database is away


def _contact(text: bytes) -> UUID | None:
    try:
        return as_id(text.decode("ascii", "replace"))
    except ValueError:
        return None


def _refuse(request: Request, failure: Failure) -> None:
    if failure.check(StoreUnreachable):
        _answer(request, 503, {"error": "store"})
    else:
        _answer(request, 500, {"error": "broken"})
        failure.raiseException()


def _answer(request: Request, status: int, body: dict[str, str]) -> None:
    request.setResponseCode(status)
    request.responseHeaders.setRawHeaders("Content-Type", ["application/json"])
    request.responseHeaders.setRawHeaders("Cache-Control", ["no-store"])
    request.write(msgspec.json.encode(body))
    request.finish()
