"""Searches that take turns, so that a machine that slows down for a while slows all sides of a comparison."""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

Clean = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """How the most that is clean is looked for: from `first` upwards by `step`, then in between down to `fine`; not
    below `least` nor above `most`. `grain` makes a number that can be tried."""

    first: float
    step: float
    fine: float
    least: float = 1.0
    most: float = math.inf
    grain: Callable[[float], float] = float


def side_by_side(way: Way, sides: Sequence[Clean]) -> list[float]:
    """The most of each side that is clean, 0 when nothing is; one try of each after the other."""
    searches = [_search(way) for _ in sides]
    wanted = {number: next(search) for number, search in enumerate(searches)}
    found: dict[int, float] = {}
    while wanted:
        for number, what in list(wanted.items()):
            try:
                wanted[number] = searches[number].send(sides[number](what))
            except StopIteration as over:
                found[number] = over.value
                del wanted[number]
    return [found[number] for number in range(len(sides))]


def _search(way: Way) -> Generator[float, bool, float]:
    """Yields what is to be tried and is told whether it was clean; a number is given up when it fails twice."""
    good, bad = 0.0, way.first
    while bad <= way.most and ((yield bad) or (yield bad)):
        good, bad = bad, way.grain(bad * way.step)
    bad = min(bad, way.grain(way.most + 1)) if way.most < math.inf else bad
    while not good and bad > way.least:
        bad = way.grain(bad / 2)
        good = bad if (yield bad) or (yield bad) else 0.0
        bad = bad * 2 if good else bad
    while good and bad / good > way.fine:
        middle = way.grain((good * bad) ** 0.5)
        if middle in (good, bad):
            break
        if (yield middle) or (yield middle):
            good = middle
        else:
            bad = middle
    return good
