"""How fast a token may ask: so many requests a second, and a few at once."""

import threading
from collections.abc import Callable
from uuid import UUID


class Pace:
    """A bucket of `burst` requests a token, filled at `rate` a second. In each process its own."""

    def __init__(self, rate: float, burst: float, monotonic: Callable[[], float]) -> None:
        self._rate, self._burst, self._monotonic = rate, burst, monotonic
        self._lock = threading.Lock()
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def take(self, token: UUID) -> float:
        """0.0 when the token may ask now; else in how many seconds."""
        now = self._monotonic()
        with self._lock:
            level, at = self._buckets.get(token, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._rate)
            if level >= 1:
                self._buckets[token] = (level - 1, now)
                return 0.0
            self._buckets[token] = (level, now)
            return (1 - level) / self._rate
