"""What the tests of bus and relay share: facts to say, a handler that remembers, patience with an end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from schema.bus import Envelope
from schema.facts import CallQueued, SeatReady
from schema.ids import CallId, uuid7
from schema.store import Store
from tests.patience import LONG, until

AT = datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)


def ready(seat: object) -> SeatReady:
    """A fact that carries `seat`."""
    return SeatReady(at=AT, seat=str(seat))


def queued(queue: str = "hotline") -> CallQueued:
    """A fact of another kind."""
    return CallQueued(at=AT, call=CallId(uuid7()), node="pbx1", queue=queue, language="ug")


def say(store: Store, *seats: object) -> None:
    """Commit one unit of work with a fact per seat."""
    with store.work() as work:
        for seat in seats:
            work.emit(ready(seat))


def eventually(holds: Callable[[], bool], seconds: float = LONG) -> None:
    """Wait until it holds; fails when it never does."""
    until(holds, seconds, "it", 0.005)


class Heard:
    """A handler that remembers envelopes in order; raises what `trouble` says for as often as it says."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.trouble: list[Exception] = []
        self.tried = 0
        self._lock = threading.Lock()

    def __call__(self, envelope: Envelope) -> None:
        with self._lock:
            self.tried += 1
            if self.trouble:
                raise self.trouble.pop(0)
            self.envelopes.append(envelope)

    @property
    def seats(self) -> list[str]:
        """The seats heard of, in order."""
        return [e.message.seat for e in self.envelopes if isinstance(e.message, SeatReady)]

    def wait(self, count: int, seconds: float = LONG) -> list[str]:
        """The seats, once `count` envelopes came."""
        eventually(lambda: len(self.envelopes) >= count, seconds)
        return self.seats
