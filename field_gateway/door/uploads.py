"""Bodies of uploads on their way: taken in pieces as they come, so that what has come is kept when the line breaks.

Each piece goes the way of a chunk that comes by MQTT, so both fill the same photo. A body with a checksum is held (on
disk above a little) until the checksum is proved.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from typing import IO, Any, Protocol

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from field_gateway.door.answers import Problem
from field_gateway.door.natives import Threads

PIECE = 64 * 1024
"""Bytes of a body that are taken at once: as many as a chunk by MQTT may have."""
HIGH = 2 * PIECE
"""Bytes that wait to be taken; above, nothing more is read from the line."""
EVERY = 4.0
"""Seconds after which less than a piece is taken too: on a thin line a piece is half a minute."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An upload that may go on: bytes it has (`offset`), and will have."""

    device: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a body must hash to."""

    kind: str
    digest: bytes


class Way(Protocol):
    """Where an upload goes. All but `alone` are called on threads, and may raise Problem, StoreUnreachable, OSError."""

    def enter(self) -> str:
        """Whose it is: the device that shows its secret."""

    def alone(self, device: str) -> "Deferred[None]":
        """Fires when no other upload of the device works at the same photo."""

    def open(self, device: str) -> Opened:
        """Whether it may go on, and from where."""

    def take(self, device: str, offset: int, data: bytes) -> int:
        """Keep a piece; the new offset."""


class Upload:
    """One body. `done` fires with the offset reached when the whole body was taken, or fails."""

    def __init__(self, request: Any, threads: Threads, way: Way) -> None:
        self.done: Deferred[int] = Deferred()
        self.ended = False
        self._request, self._threads, self._way = request, threads, way
        self._idle: list[Deferred[None]] = []
        self._opened: Opened | None = None
        self._offset = 0
        self._checksum: Checksum | None = None
        self._held: IO[bytes] | None = None
        self._hash: Any = None
        self._buffer = bytearray()
        self._busy = True
        self._lost = self._over = self._paused = self._hasty = False
        self._timer: Any = None

    def checksum(self, checksum: Checksum | None) -> None:
        """Take nothing unless the body hashes to this."""
        self._checksum = checksum
        self._hash = hashlib.new(checksum.kind) if checksum else None

    def begin(self) -> None:
        """Ask whose it is, wait until it is alone, look where it goes on."""
        asked = self._threads.do(self._way.enter)
        asked.addCallback(
            lambda device: self._way.alone(device).addCallback(
                lambda _: self._threads.do(self._way.open, device)
            )
        )
        asked.addCallbacks(self._may, self._failed)

    def give_up(self, failure: Failure) -> None:
        """It is not even begun."""
        self._failed(failure)

    def _may(self, opened: Opened) -> None:
        self._busy = False
        self._opened, self._offset = opened, opened.offset
        if self._checksum:
            self._held = tempfile.SpooledTemporaryFile(HIGH)  # noqa: SIM115 (closed by _finish)
        self._timer = self._threads.reactor.callLater(EVERY, self._haste)
        self._go_on()

    # -- what the line brings --------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Bytes came."""
        if self._over:
            return
        self._buffer += data
        self._go_on()
        if len(self._buffer) > HIGH and not self._paused and not self._over:
            self._paused = True
            self._request.channel.transport.pauseProducing()

    def end(self) -> None:
        """The body is whole."""
        self.ended = True
        self._go_on()

    def lost(self) -> None:
        """The line broke: what has come is taken, unless a checksum was to prove it."""
        self._lost = True
        if self._checksum:
            self._buffer.clear()
        self._go_on()

    def stop(self) -> "Deferred[None]":
        """Somebody else goes on with this photo: cut the line; fires when nothing is in hand any more."""
        gone: Deferred[None] = Deferred()
        if self._over:
            gone.callback(None)
            return gone
        self._idle.append(gone)
        channel = self._request.channel
        if channel is not None and not self._lost:
            channel.transport.abortConnection()
        self.lost()
        return gone

    # -- the work --------------------------------------------------------------------------------------------

    def _haste(self) -> None:
        self._timer = self._threads.reactor.callLater(EVERY, self._haste)
        self._hasty = True
        self._go_on()

    def _go_on(self) -> None:
        if self._busy or self._over:
            return
        size = len(self._buffer)
        if size >= PIECE or (size and (self.ended or self._lost or self._hasty)):
            self._hasty = False
            piece = bytes(self._buffer[:PIECE])
            del self._buffer[:PIECE]
            self._busy = True
            self._threads.do(self._hold if self._checksum else self._keep, piece).addCallbacks(
                self._taken, self._failed
            )
        elif self.ended and not self._lost and self._held is not None:
            self._busy = True
            self._threads.do(self._prove).addCallbacks(self._taken, self._failed)
        elif self.ended or self._lost:
            self._finish()
        if self._paused and len(self._buffer) <= PIECE and not self.ended and not self._lost:
            self._paused = False
            self._request.channel.transport.resumeProducing()

    def _keep(self, piece: bytes) -> int:
        assert self._opened is not None
        return self._way.take(self._opened.device, self._offset, piece)

    def _hold(self, piece: bytes) -> int:
        assert self._held is not None and self._hash is not None and self._opened is not None
        if self._held.tell() + len(piece) > self._opened.size - self._offset:
            raise Problem(413, "too-long", "the body goes beyond the end that was announced")
        self._held.write(piece)
        self._hash.update(piece)
        return self._offset

    def _prove(self) -> int:
        assert self._held is not None and self._hash is not None and self._checksum is not None
        if self._hash.digest() != self._checksum.digest:
            raise Problem(460, "chunk-damaged", "the checksum is another one; send it again")
        self._held.seek(0)
        while piece := self._held.read(PIECE):
            self._offset = self._keep(piece)
        self._held.close()
        self._held = None
        return self._offset

    def _taken(self, offset: int) -> None:
        self._busy, self._offset = False, offset
        if self._opened is not None and offset >= self._opened.size:
            self._buffer.clear()  # it is whole; what a confused sender adds is nothing
        self._go_on()

    def _failed(self, failure: Any) -> None:
        self._busy = False
        self._finish(failure)

    def _finish(self, failure: Any = None) -> None:
        if self._over:
            return
        self._over = True
        self._buffer.clear()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        if self._held is not None:
            self._held.close()
        if self._paused and not self._lost and not self.ended:
            self._paused = False
            self._request.channel.transport.resumeProducing()
        for gone in self._idle:
            gone.callback(None)
        if failure is not None:
            self.done.errback(failure)
        else:
            self.done.callback(self._offset)
