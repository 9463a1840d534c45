"""One program's line of the event stream: a place in the published order, and no events held.

What its reader does not take stays where it is. A reader that takes nothing for long is let go, and comes back with the
place it has.
"""

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.python.failure import Failure
from twisted.web.server import Request
from zope.interface import implementer

from backoffice.api.tail import Page
from backoffice.sse import open_stream
from schema.store import StoreUnreachable

STUCK_AFTER = 30.0
"""Seconds in which a reader takes nothing."""
Sees = Callable[[str, Any], bool]
log = structlog.get_logger()


class Source(Protocol):
    """Where a line gets what follows its place."""

    def page(self, place: int) -> "Page | Deferred[Page]":
        """The facts after a place: at once, or read from the database."""


@implementer(IPushProducer)
class Line:
    """One program's connection: its place, and what it may see."""

    def __init__(
        self, request: Request, source: Source, place: int, sees: Sees, seconds: Callable[[], float]
    ) -> None:
        self._request, self._source, self._sees, self._seconds = request, source, sees, seconds
        self.place = self._said = place
        self._paused_at: float | None = None
        self._reading = False
        self.ended = False

    def begin(self) -> None:
        """Send the headers and the place."""
        open_stream(self._request)
        self._request.notifyFinish().addBoth(self._gone)
        self._request.registerProducer(self, True)
        # An id without data moves the place of the reader (WHATWG HTML 9.2.6) and tells it nothing.
        self._request.write(b"retry: 1000\nid: %d\n\n" % self.place)
        self.pump()

    def pump(self) -> None:
        """Send what follows, as far as the reader takes it."""
        while not (self.ended or self._reading or self._paused_at is not None):
            found = self._source.page(self.place)
            if isinstance(found, Deferred):
                self._reading = True
                found.addCallbacks(self._read, self._failed)
                return
            if not self._send(found):
                return

    def beat(self) -> None:
        """Show the reader that the line is alive, and the place up to which nothing more is for it."""
        if self.ended:
            return
        if self._paused_at is not None:
            if self._seconds() - self._paused_at > STUCK_AFTER:
                log.info("a stream's reader takes nothing and is let go", place=self.place)
                self.end(abort=True)
            return
        moved = b"id: %d\n" % self.place if self.place > self._said else b""
        self._said = self.place
        self._request.write(b": beat\n" + moved + b"\n")

    def end(self, abort: bool = False) -> None:
        """Close it; the reader comes back."""
        if self.ended:
            return
        self.ended = True
        self._request.unregisterProducer()
        if abort and self._request.channel is not None:
            self._request.channel.forceAbortClient()
        else:
            self._request.finish()

    def pauseProducing(self) -> None:
        """The reader does not take it as fast as we send."""
        if self._paused_at is None:
            self._paused_at = self._seconds()

    def resumeProducing(self) -> None:
        """The reader takes again."""
        self._paused_at = None
        self.pump()

    def stopProducing(self) -> None:
        """The connection is gone."""
        self._gone(None)

    def _send(self, page: Page) -> bool:
        """Send a page's facts; whether there may be more."""
        more, self.place = page.end > self.place, page.end
        frames = [one.frame for one in page.facts if self._sees(one.name, one.about)]
        if frames:
            self._said = self.place
            self._request.write(b"".join(frames))
        return more

    def _read(self, page: Page) -> None:
        self._reading = False
        if not self.ended and self._send(page):
            self.pump()

    def _failed(self, failure: Failure) -> None:
        self._reading = False
        if not failure.check(StoreUnreachable):
            log.error("a stream broke", reason=str(failure.value))
        self.end()

    def _gone(self, _: object) -> None:
        self.ended = True
