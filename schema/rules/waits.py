"""Waiting times that may be told, and how wrong they were. Pure; the method is described in docs/routing.md.

Whoever is at place p waits p answers more; one takes the mean gap between the last `KEPT` answers of the queue within
`MEMORY`. A gap in which nobody waited says how seldom people call, not how fast they are answered, and is left out. The
gap that is still open counts as soon as it is longer than the mean, so that a queue in which nothing moves any more
slows down by itself. Below `FEWEST` answers the site's usual time a place is taken, if one is given; a guess out of
nothing is no promise.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
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
        self._answers: dict[str, deque[tuple[datetime, int]]] = {}

    def answered(self, queue: str, at: datetime, left: int = 1) -> None:
        """A caller of the queue was answered, and `left` callers wait on."""
        self._answers.setdefault(queue, deque(maxlen=KEPT)).append((at, left))

    def seconds(self, queue: str, place: int, now: datetime, usual: float | None = None) -> int:
        """What a caller at a place (from 1) may be told, rounded up; UNKNOWN when there is nothing to go by.

        `usual` is how many seconds a place takes when there are too few answers: handling time over seats, say.
        """
        each = self.gap(queue, now)
        if each is None:
            each = usual
        if each is None or place < 1:
            return UNKNOWN
        return rounded(each * place)

    def gap(self, queue: str, now: datetime) -> float | None:
        """The mean gap between two answers while somebody waits, in seconds; None when there are too few."""
        answers = self._answers.get(queue, deque())
        while answers and now - answers[0][0] > MEMORY:
            answers.popleft()
        gaps = [(two - one).total_seconds() for (one, left), (two, _) in pairwise(answers) if left]
        if len(gaps) < FEWEST - 1:
            return None
        mean = sum(gaps) / len(gaps)
        last, left = answers[-1]
        still = (now - last).total_seconds()
        if left and still > mean:
            mean = (sum(gaps) + still) / (len(gaps) + 1)
        return max(mean, 1.0)


def rounded(seconds: float) -> int:
    """A time as it is told: upwards, to whole minutes, then to five, then to ten."""
    for upto, step in STEPS:
        if seconds <= upto:
            return int(-(-seconds // step) * step) or step
    return LONGEST


@dataclass(slots=True)
class Promises:
    """What was promised and what came of it, counted from the first telling.

    Who gives up before the promised time says nothing about it; who gives up after it waited in vain, and counts as
    told wrongly (`late`), for else the worst promises would not be in the figures.
    """

    open: dict[UUID, tuple[datetime, int]] = field(default_factory=dict)
    told: int = 0
    kept: int = 0
    late: int = 0
    error: float = 0.0
    bias: float = 0.0
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
            self.bias += waited - seconds
            self.half += abs(waited - seconds) <= max(waited, seconds) / 2

    def gone(self, calls: Iterable[UUID], at: datetime | None = None) -> None:
        """These callers are not waiting any more; `at` when they gave up, None when they went another way."""
        for call in calls:
            promise = self.open.pop(call, None)
            if promise is not None and at is not None:
                told_at, seconds = promise
                self.late += (at - told_at).total_seconds() > seconds

    @property
    def figures(self) -> dict[str, float]:
        """told: how many were; mae_s: by how many seconds promises were wrong; bias_s: how much longer the wait was
        than promised (below 0: shorter), both of those answered; gave_up_late: how many gave up after that time;
        within_half: the share of those two whose promise was wrong by no more than half of the longer time.
        -1 (bias_s: 0) while there was none."""
        known, judged = self.kept, self.kept + self.late
        return {
            "told": self.told,
            "mae_s": round(self.error / known, 1) if known else -1,
            "bias_s": round(self.bias / known, 1) if known else 0,
            "gave_up_late": self.late,
            "within_half": round(self.half / judged, 2) if judged else -1,
        }
