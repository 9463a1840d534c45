"""The door's HTTP front: bodies and connections are bounded, and the log keeps no secrets."""

from collections.abc import Callable
from typing import Any

import structlog
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol
from twisted.web.http import RESPONSES
from twisted.web.http import Request as BareRequest
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site
from twisted.web.wsgi import WSGIResource

from field_gateway.door.answers import Problem, busy, later, too_large
from field_gateway.door.app import BODY_LIMIT
from field_gateway.door.gate import Gate
from field_gateway.door.natives import STRICT, Native, answer

MOST = 8_000
"""Connections at once; further ones are told so and closed."""
IDLE = 75
"""Seconds without a word after which a connection is closed."""
LINGER = 5
"""Seconds in which what a refused sender still sends is thrown away: closed at once, it might not see the answer."""
log = structlog.get_logger()


class DoorRequest(Request):
    """A request with a bounded body; an upload's goes where it belongs as it comes."""

    upload: Any = None
    _refused = False

    def gotLength(self, length: int | None) -> None:
        """The headers are there, with the body's length (None: it comes in chunks)."""
        self.upload = self.site_of().upload_for(self, length)
        if self._refused:
            return
        if self.upload is not None:
            super().gotLength(0)  # nothing of it is held here
        elif length is not None and length > BODY_LIMIT:
            self.refuse(too_large(BODY_LIMIT))
        else:
            super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body came."""
        if self._refused or self.content is None:
            return
        if self.upload is not None:
            self.upload.feed(data)
        elif self.content.tell() + len(data) > BODY_LIMIT:
            self.refuse(too_large(BODY_LIMIT))
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The whole request is there."""
        if not self._refused:
            super().requestReceived(command, path, version)
        elif self.channel is not None:
            self.channel.loseConnection()

    def connectionLost(self, reason: Any) -> None:
        """The other end is gone."""
        super().connectionLost(reason)
        if self.upload is not None:
            self.upload.lost()

    def site_of(self) -> "DoorSite":
        """The site it came to."""
        channel: Any = self.channel
        found: DoorSite = channel.site
        return found

    def refuse(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        """Answer at once, read no more of the body, and close."""
        if self._refused:
            return
        self._refused = True
        if self.content is not None:
            self.content.close()
            self.content = None
        channel: Any = self.channel
        if channel is None:
            return
        self.method, self.uri, self.code = channel._command, channel._path, problem.status
        self.sentLength = len(problem.body)
        self.requestHeaders.removeHeader(b"expect")  # nobody is asked to go on sending
        channel.transport.write(raw(problem, headers))
        channel.site.log(self)
        channel.dataReceived = lambda _: None
        channel.transport.resumeProducing()
        channel.setTimeout(LINGER)
        channel.transport.loseWriteConnection()


class DoorSite(Site):
    """A site that logs method, path, status, size and peer; never a query, a header or a body."""

    requestFactory = DoorRequest

    def __init__(self, root: Resource, upload_for: Callable[[DoorRequest, int | None], Any]) -> None:
        super().__init__(root, timeout=IDLE)
        self.upload_for = upload_for
        self.open = 0

    def buildProtocol(self, addr: IAddress) -> Any:
        """Somebody connects."""
        if self.open >= MOST:
            return _Full()
        made: Any = super().buildProtocol(addr)
        self.open += 1
        lost = made.connectionLost

        def gone(reason: Any) -> None:
            self.open -= 1
            lost(reason)

        made.connectionLost = gone
        return made

    def log(self, request: BareRequest) -> None:
        """One line per answer."""
        log.info(
            "field door",
            method=request.method.decode("ascii", "replace"),
            path=request.uri.partition(b"?")[0].decode("utf-8", "replace")[:200],
            status=request.code,
            bytes=request.sentLength,
            peer=getattr(request.getClientAddress(), "host", ""),
        )


class Root(Resource):
    """Long polls, uploads and files are answered here; everything else of /field/ is the application's."""

    def __init__(
        self, down: Resource, media: Resource, files: Resource, pages: WSGIResource, gate: Gate
    ) -> None:
        super().__init__()
        self._down, self._media, self._files, self._pages, self._gate = down, media, files, pages, gate

    def getChild(self, path: bytes, request: Any) -> Resource:
        """Whose request this is."""
        if path != b"field":
            return self._files
        if request.postpath[:2] == [b"v1", b"down"] and len(request.postpath) == 2:
            return self._down
        if request.postpath[:2] == [b"v1", b"media"]:
            return self._media
        if not self._gate.enter(request.path):
            return _Busy()
        request.notifyFinish().addBoth(lambda _: self._gate.leave())
        request.prepath.pop()
        request.postpath.insert(0, path)
        return self._pages  # type: ignore[return-value]


class _Busy(Native):
    def render(self, request: Any) -> int:
        problem = busy()
        answer(request, problem.status, problem.headers, problem.body)
        return NOT_DONE_YET


class _Full(Protocol):
    """Tells who connects that it is too much, and closes."""

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.write(raw(Problem(503, "later", "too many connections; come again later", after=later())))
        transport.loseConnection()


def raw(problem: Problem, more: dict[str, str] | None = None) -> bytes:
    """An answer as the wire has it, for who is not asked further; the connection ends with it."""
    reason = RESPONSES.get(problem.status, b"Refused").decode()
    headers = {
        **STRICT,
        **problem.headers,
        **(more or {}),
        "Connection": "close",
        "Content-Length": str(len(problem.body)),
    }
    lines = [
        f"HTTP/1.1 {problem.status} {reason}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1") + problem.body
