"""The ears: an AMI session that only drains, stamps and tapes. Each session is a new epoch."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ClientFactory, Protocol
from twisted.python.failure import Failure

from cti.ami import Splitter, TooLong, message

PING_EVERY, SILENT_TOO_LONG = 5.0, 12.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
GATHER = 0.008
"""Seconds from one reading to the next: under load what came meanwhile is taken at once, which costs far less."""
FULL = 1 << 16
"""Bytes that the reactor reads at most: after as many there is more, and no pause."""
log = structlog.get_logger()


class Session(Protocol):
    """One session: logs in, then hands over whole messages as they come."""

    def __init__(self, ears: "Ears") -> None:
        self._ears = ears
        self._splitter = Splitter()
        self._logged_in = False
        self._heard_at = 0.0
        self._pinger: Any = None
        self._gathers: Any = None

    def connectionMade(self) -> None:
        """Log in."""
        self._heard_at = self._ears.clock.seconds()
        self._pinger = self._ears.clock.callLater(PING_EVERY, self._ping)
        self._say({"Action": "Login", "Username": "ears", "Secret": self._ears.secret, "Events": "on"})

    def dataReceived(self, data: bytes) -> None:
        """Drain."""
        self._heard_at = self._ears.clock.seconds()
        if len(data) < FULL and self.transport is not None:
            self.transport.pauseProducing()
            self._gathers = self._ears.clock.callLater(GATHER, self._read_on)
        try:
            messages = self._splitter.feed(data)
        except TooLong as error:
            log.error("the PBX's event stream makes no sense; connecting anew", reason=str(error))
            self.drop()
            return
        events = []
        for raw in messages:
            if raw.startswith(b"Event:"):
                events.append(raw)
            elif raw.startswith(b"Response: Error") and not self._logged_in:
                log.error("the PBX did not let the ears in", answer=raw.decode("utf-8", "replace")[:200])
                self.drop()
                return
            elif raw.startswith(b"Response: Success") and not self._logged_in:
                self._logged_in = True
                self._ears.opened(self)
        if events and self._logged_in:
            self._ears.take(events)

    def connectionLost(self, reason: Failure | None = None) -> None:
        """The epoch is over."""
        for due in (self._pinger, self._gathers):
            if due is not None and due.active():
                due.cancel()
        self._ears.ended(self)

    def drop(self) -> None:
        """End the session now."""
        if self.transport is not None:
            self.transport.abortConnection()

    def _read_on(self) -> None:
        if self.transport is not None:
            self.transport.resumeProducing()

    def _ping(self) -> None:
        if self._ears.clock.seconds() - self._heard_at > SILENT_TOO_LONG:
            log.warning("the PBX fell silent; connecting anew")
            self.drop()
            return
        self._say({"Action": "Ping"})
        self._pinger = self._ears.clock.callLater(PING_EVERY, self._ping)

    def _say(self, action: dict[str, str]) -> None:
        if self.transport is not None:
            self.transport.write(message(action) + b"\r\n\r\n")


class Ears(ClientFactory):
    """Keeps one session with the PBX. `heard` gets (messages, monotonic ns, UTC); `changed` hears True and False."""

    noisy = False

    def __init__(
        self,
        reactor: Any,
        host: str,
        port: int,
        secret: str,
        *,
        heard: Callable[[list[bytes], int, datetime], None],
        changed: Callable[[bool], None],
    ) -> None:
        self.clock = reactor
        self.secret = secret
        self._host, self._port = host, port
        self._heard, self._changed = heard, changed
        self._session: Session | None = None
        self._wait = FIRST_WAIT
        self._later: Any = None
        self._stopping = False

    def start(self) -> None:
        """Connect, and again whenever the session ends."""
        self._stopping = False
        self.clock.connectTCP(self._host, self._port, self, timeout=5)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping = True
        if self._later is not None and self._later.active():
            self._later.cancel()
        if self._session is not None:
            self._session.drop()

    def buildProtocol(self, addr: IAddress | None) -> Session:
        """A new session."""
        return Session(self)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Nobody listens: try again later."""
        self._again()

    def opened(self, session: Session) -> None:
        """The PBX let us in: a new epoch begins."""
        self._session = session
        self._wait = FIRST_WAIT
        self._changed(True)

    def ended(self, session: Session) -> None:
        """A session is over."""
        if self._session is session:
            self._session = None
            self._changed(False)
        self._again()

    def take(self, events: list[bytes]) -> None:
        """Stamp what came."""
        self._heard(events, time.monotonic_ns(), datetime.now(UTC))

    def _again(self) -> None:
        if not self._stopping:
            self._later = self.clock.callLater(self._wait, self.start)
            self._wait = min(self._wait * 2, LONGEST_WAIT)
