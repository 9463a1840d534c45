"""The pulse: a word of our own goes round by the broker, so that a session that gives us nothing any more is noticed.

Brokers were seen to keep a connection and to hand over nothing on it (Mosquitto before 2.0.13, after many connections
of one session): nothing fails, and handsets wait for ever. A new connection mends it.
"""

import threading
import time
from collections.abc import Callable

import structlog

EVERY = 10.0
"""Seconds of silence after which the word is sent."""
PATIENCE = 20.0
"""Seconds that it may take to come back, while nothing else comes either."""

log = structlog.get_logger()


class Pulse:
    """`say` sends the word, `renew` gets a new connection; `can_tell`: there is one, and nothing waits here."""

    def __init__(
        self,
        say: Callable[[], None],
        renew: Callable[[], None],
        can_tell: Callable[[], bool],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._renew, self._can_tell = say, renew, can_tell
        self._monotonic = monotonic
        self._heard_at = monotonic()
        self._said_at: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="field pulse", daemon=True)

    def start(self) -> None:
        """Begin to feel it."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def heard(self) -> None:
        """Something came, the word or anything else."""
        self._heard_at, self._said_at = self._monotonic(), None

    def beat(self) -> None:
        """Look whether it is time for the word, or for a new connection."""
        now = self._monotonic()
        if not self._can_tell():
            self._heard_at, self._said_at = now, None
        elif self._said_at is not None:
            if now - self._said_at >= PATIENCE:
                log.error("the broker is connected and hands nothing over; connecting anew")
                self.heard()
                self._renew()
        elif now - self._heard_at >= EVERY:
            self._said_at = now
            self._say()

    def _run(self) -> None:
        while not self._stopping.wait(1.0):
            try:
                self.beat()
            except Exception:
                log.exception("the pulse could not be felt; it goes on")
