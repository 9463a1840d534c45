"""How far a search looks at once, by what it has found so far: hours for common words, years for rare ones. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.rules.searchweeks import MOST_KEYS, week_of, week_span

FIRST = 2_000
"""Cases that the first stretch of time holds."""
GROWS, GROWS_UNKNOWN = 16, 64
"""A stretch is at most so many times as long as all before it; and while no case had the words."""
AT_ONCE = 1_000
"""Cases with the words that a stretch should hold at most."""
SPARE = 1.3
"""So much more is looked at than would do if all time were like that before it."""
ENOUGH, COMMON = 20, 1 / 20
"""Cases with the words that tell how common they are; what is common, of one."""
BY_WEEKS = timedelta(days=14)
"""Stretches of that length and more begin and end with a week, where the words' own index tells who is in them."""
Stretch = tuple[datetime, datetime]
"""From (included) to (not included)."""


@dataclass(slots=True)
class Pace:
    """How many are still wanted (`left`), and of how many cases `looked` at how many `passed`.

    `last`: nothing comes after what was given last.
    """

    left: int
    looked: int = 0
    passed: int = 0
    last: bool = False

    def took(self, passed: int) -> None:
        """So many more were found."""
        self.passed += passed
        self.left -= passed

    @property
    def batch(self) -> int:
        """How many cases with the words should be looked at for those still wanted."""
        return int(max(1.0, SPARE * self.looked / (self.passed + 1)) * self.left)

    def rather_by_choice(self, among: float, *, narrow: bool) -> bool:
        """Whether so few of the cases with the words pass that it is better to go through all that would, and look
        for the words in each. `among` so many cases were those with the words; `narrow`: an index has those that pass.
        """
        if self.looked < ENOUGH:
            return False
        words, passes = self.looked / among, self.passed / self.looked
        return words > passes if narrow else words > COMMON and passes < COMMON

    def step(self, covered: timedelta) -> timedelta:
        """How long the next stretch should be after so much time."""
        times = float(GROWS if self.looked or self.passed else GROWS_UNKNOWN)
        if self.passed:
            times = min(times, SPARE * self.left / self.passed)
        if self.looked:
            times = min(times, AT_ONCE / self.looked)
        return covered * max(times, 1 / 4)


def stretch(rest: Stretch, step: timedelta, keys: int, *, down: bool) -> Stretch:
    """The next stretch of the rest, from its end (`down`) or its beginning; a week's question has so many `keys`."""
    begin, end = rest
    step = min(step, timedelta(weeks=max(1, MOST_KEYS // max(1, keys) - 2)))
    if end - begin <= step:
        return rest
    at = end - step if down else begin + step
    if step >= BY_WEEKS:
        at = week_span(week_of(at), week_of(at))[0 if down else 1]
    return (max(begin, at), end) if down else (begin, min(end, at))


def is_over(rest: Stretch) -> bool:
    """Whether nothing is left of it."""
    return rest[0] >= rest[1]


def after(rest: Stretch, one: Stretch, *, down: bool) -> Stretch:
    """What of the rest is left after a stretch of it."""
    return (rest[0], one[0]) if down else (one[1], rest[1])
