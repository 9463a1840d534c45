"""How fast somebody may ask: so many requests a second, and a few at once."""

import threading
from collections.abc import Callable, Hashable

KEPT = 10_000
"""Buckets that are kept; above, those that are full again are thrown away (they say no more than a new one)."""


class Pace:
    """A bucket of `burst` requests a key, filled at `rate` a second. In each process its own."""

    def __init__(self, rate: float, burst: float, monotonic: Callable[[], float]) -> None:
        self._rate, self._burst, self._monotonic = rate, burst, monotonic
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable) -> float:
        """0.0 when the key may ask now; else in how many seconds."""
        now = self._monotonic()
        with self._lock:
            level = self._level(key, now)
            self._keep(key, level - 1 if level >= 1 else level, now)
            return 0.0 if level >= 1 else (1 - level) / self._rate

    def wait(self, key: Hashable) -> float:
        """As `take`, and nothing is taken."""
        with self._lock:
            level = self._level(key, self._monotonic())
        return 0.0 if level >= 1 else (1 - level) / self._rate

    def _level(self, key: Hashable, now: float) -> float:
        level, at = self._buckets.get(key, (self._burst, now))
        return min(self._burst, level + (now - at) * self._rate)

    def _keep(self, key: Hashable, level: float, now: float) -> None:
        if len(self._buckets) >= KEPT and key not in self._buckets:
            full = [one for one in self._buckets if self._level(one, now) >= self._burst]
            for one in full or list(self._buckets)[: KEPT // 10]:
                del self._buckets[one]
        self._buckets[key] = (level, now)
