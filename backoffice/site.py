"""The HTTP front of the back office: Twisted's, with a body limit and an access log that keeps no secrets."""

from typing import Any

import structlog
from twisted.web.http import Request as BareRequest
from twisted.web.resource import Resource
from twisted.web.server import Request, Site
from twisted.web.wsgi import WSGIResource

from backoffice.toolarge import LINE_LIMIT, Refusal, limit_of

LINGER = 5
"""Seconds in which what a refused sender still sends is thrown away: closed at once, it might not see the answer."""
log = structlog.get_logger()


class LimitedRequest(Request):
    """A request whose body may not be larger than the back office ever needs, told before it is read."""

    _refused = False
    _limit = LINE_LIMIT

    def gotLength(self, length: int | None) -> None:
        """The body's length is announced (None: it comes in chunks)."""
        channel: Any = self.channel
        if channel is not None:
            self._limit = limit_of(channel._path, self.requestHeaders)
        if length is not None and length > self._limit:
            self._too_large()
            return
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body came."""
        if self._refused or self.content is None:
            return
        if self.content.tell() + len(data) > self._limit:
            self._too_large()
            return
        super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The whole request is there."""
        if not self._refused:
            super().requestReceived(command, path, version)
        elif self.channel is not None:
            self.channel.loseConnection()

    def _too_large(self) -> None:
        self._refused = True
        if self.content is not None:
            self.content.close()
            self.content = None
        channel: Any = self.channel
        if channel is None:
            return
        self.method, self.uri, self.code = channel._command, channel._path, 413
        refusal: Refusal = channel.site.refusal
        status, headers, body = refusal.of(self.uri, self.requestHeaders)
        self.sentLength = len(body)
        # Nobody is asked to go on sending.
        self.requestHeaders.removeHeader(b"expect")
        headers |= {"Connection": "close", "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        channel.transport.write("\r\n".join(lines).encode("latin-1") + body)
        channel.site.log(self)
        channel.dataReceived = lambda _: None
        channel.setTimeout(LINGER)
        channel.transport.loseWriteConnection()


class Root(Resource):
    """/feed and /api/v1/events are native; everything else is Flask's."""

    def __init__(self, feed: Resource, pages: WSGIResource, events: Resource) -> None:
        super().__init__()
        self._feed = feed
        self._pages = pages
        self._events = events

    def getChild(self, path: bytes, request: Any) -> Resource:
        """Whose request this is."""
        if path == b"feed" and not request.postpath:
            return self._feed
        if path == b"api" and request.postpath == [b"v1", b"events"]:
            request.postpath.clear()
            return self._events
        request.prepath.pop()
        request.postpath.insert(0, path)
        return self._pages  # type: ignore[return-value]


class OfficeSite(Site):
    """A site that logs method, path, status, size and peer; never a query, a header or a body."""

    requestFactory = LimitedRequest

    def __init__(self, root: Resource, refusal: Refusal) -> None:
        super().__init__(root)
        self.refusal = refusal

    def log(self, request: BareRequest) -> None:
        """One line per answer."""
        path = request.uri.partition(b"?")[0].decode("utf-8", "replace")
        peer = request.getClientAddress()
        log.info(
            "web",
            method=request.method.decode("ascii", "replace"),
            path=path[:200],
            status=request.code,
            bytes=request.sentLength,
            peer=getattr(peer, "host", ""),
        )
