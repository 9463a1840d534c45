"""Waiting times that may be told, and how wrong they were. Pure; the method is described in docs/routing.md.

A queue moves as fast as its callers were lately answered: of the last `KEPT` answers, so many per second since the
first of them **until now**, so that a queue in which nothing moves any more slows down by itself. Whoever is at place p
waits p answers more. It is said only from `FEWEST` answers within `MEMORY` on; a guess out of nothing is no promise.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

KEPT, FEWEST = 20, 3
MEMORY = timedelta(minutes=30)
LONGEST = 2 * 3600
"""Seconds; a longer wait is told as this."""
STEPS = ((60, 60), (600, 60), (1800, 300), (LONGEST, 600))
"""(up to so many seconds, rounded up to so many): a promise says no more than it knows."""
UNKNOWN = -1


class Pace:
    """How fast each queue moves."""

    def __init__(self) -> None:
        self._answers: dict[str, deque[datetime]] = {}

    def answered(self, queue: str, at: datetime) -> None:
        """A caller of the queue was answered."""
        self._answers.setdefault(queue, deque(maxlen=KEPT)).append(at)

    def seconds(self, queue: str, place: int, now: datetime) -> int:
        """What a caller at a place (from 1) may be told, rounded up; UNKNOWN when there is nothing to go by."""
        times = self._answers.get(queue, deque())
        while times and now - times[0] > MEMORY:
            times.popleft()
        if len(times) < FEWEST or place < 1:
            return UNKNOWN
        each = max((now - times[0]).total_seconds(), 1.0) / len(times)
        return rounded(each * place)


def rounded(seconds: float) -> int:
    """A time as it is told: upwards, to whole minutes, then to five, then to ten."""
    for upto, step in STEPS:
        if seconds <= upto:
            return int(-(-seconds // step) * step) or step
    return LONGEST


@dataclass(slots=True)
class Promises:
    """What was promised and what came of it. The error is counted from the telling; who gave up is not in it."""

    open: dict[UUID, tuple[datetime, int]] = field(default_factory=dict)
    told: int = 0
    kept: int = 0
    error: float = 0.0
    half: int = 0

    def tell(self, call: UUID, at: datetime, seconds: int) -> None:
        """A caller was told `seconds`; what counts is the first promise."""
        if seconds >= 0 and call not in self.open:
            self.open[call] = (at, seconds)
            self.told += 1

    def answered(self, call: UUID, at: datetime) -> None:
        """A caller was answered."""
        promise = self.open.pop(call, None)
        if promise is not None:
            told_at, seconds = promise
            waited = (at - told_at).total_seconds()
            self.kept += 1
            self.error += abs(waited - seconds)
            self.half += abs(waited - seconds) <= max(waited, seconds) / 2

    def gone(self, calls: Iterable[UUID]) -> None:
        """These callers are not waiting any more."""
        for call in calls:
            self.open.pop(call, None)

    @property
    def figures(self) -> dict[str, float]:
        """told: how many were; mae_s: by how many seconds promises were wrong; within_half: the share that was wrong
        by no more than half of the longer of the two (-1 each while none was answered)."""
        if not self.kept:
            return {"told": self.told, "mae_s": -1, "within_half": -1}
        return {
            "told": self.told,
            "mae_s": round(self.error / self.kept, 1),
            "within_half": round(self.half / self.kept, 2),
        }
