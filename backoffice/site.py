"""The HTTP front of the back office: Twisted's, with a body limit and an access log that keeps no secrets."""

from typing import Any

import structlog
from twisted.web.http import Request as BareRequest
from twisted.web.resource import Resource
from twisted.web.server import Request, Site
from twisted.web.wsgi import WSGIResource

LINE_LIMIT = 256 * 1024
log = structlog.get_logger()


class LimitedRequest(Request):
    """A request whose body may not be larger than the back office ever needs, told before it is read."""

    _refused = False

    def gotLength(self, length: int | None) -> None:
        """The body's length is announced (None: it comes in chunks)."""
        if length is not None and length > LINE_LIMIT:
            self._too_large()
            return
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body came."""
        if self._refused or self.content is None:
            return
        if self.content.tell() + len(data) > LINE_LIMIT:
            self._too_large()
            return
        super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The whole request is there."""
        if not self._refused:
            super().requestReceived(command, path, version)

    def _too_large(self) -> None:
        self._refused = True
        if self.content is not None:
            self.content.close()
            self.content = None
        channel: Any = self.channel
        if channel is not None:
            channel.transport.write(
                b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )
            channel.loseConnection()


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
