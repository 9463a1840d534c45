"""Where a handset is by the cell towers it hears: Ichnaea's method, on a table of our own. Pure.

Cells are taken together by area (mcc, mnc, lac); the area with the highest score wins. Within it a cell weighs
score · min(√(2000 / age in ms), 1) / signal², and how far the place may be off is the 95th percentile of the distances
to the cells, between 1 and 50 km. A score says how well a tower's own place is known (ichnaea/api/locate/score.py):
when it was last seen, over how many days, from how many samples. WGS-84 degrees, metres, dBm, Unix seconds.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NEAREST, FARTHEST = 1_000.0, 50_000.0
WEAKEST = -120
"""dBm that are assumed when a handset tells none."""
WITHIN_95 = 2.4477
"""Of a circular normal distribution 95 % lie within so many standard deviations."""

Key = tuple[int, int, int, int]
"""mcc, mnc, lac (or tac), cid."""


@dataclass(frozen=True, slots=True)
class Tower:
    """A cell of a tower: where it is heard (the middle), how far, and what that is known from."""

    key: Key
    lon: float
    lat: float
    range: float
    samples: int
    created: float
    updated: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A cell a handset hears; `age` is ms since it did."""

    key: Key
    signal: int = WEAKEST
    age: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where by cells; with 95 % within `accuracy` metres, which is a standard deviation of `sigma` per axis."""

    lon: float
    lat: float
    accuracy: float

    @property
    def sigma(self) -> float:
        """The standard deviation per axis."""
        return self.accuracy / WITHIN_95


def score(tower: Tower, now: float) -> float:
    """How well a tower's place is known: above 0, at most 10."""
    months = int(max(now - tower.updated, 0) // 86_400) // 30
    days = max((tower.updated - tower.created) // 86_400, 1)
    samples = tower.samples if tower.range else min(tower.samples, 1)
    told = min(max(math.log2(max(samples, 1)), 0.5), 10.0)
    return min(days / 10, 1.0) * told / math.sqrt(months + 1)


def locate(heard: Iterable[Heard], towers: Mapping[Key, Tower], now: float) -> Place | None:
    """Where a handset is that hears these; None when none of them is in the table."""
    areas: dict[tuple[int, int, int], list[tuple[Tower, float, float]]] = {}
    for one in heard:
        tower = towers.get(one.key)
        if tower is None:
            continue
        worth = score(tower, now)
        weight = worth * min(math.sqrt(2_000 / max(one.age, 1)), 1.0) / (one.signal or WEAKEST) ** 2
        areas.setdefault(one.key[:3], []).append((tower, worth, weight))
    if not areas:
        return None
    best = max(areas.values(), key=lambda cells: sum(worth for _, worth, _ in cells))
    if len(best) == 1:
        only = best[0][0]
        return Place(only.lon, only.lat, min(max(only.range, NEAREST), FARTHEST))
    total = sum(weight for _, _, weight in best)
    lon = sum(tower.lon * weight for tower, _, weight in best) / total
    lat = sum(tower.lat * weight for tower, _, weight in best) / total
    off = _percentile([_metres(lon, lat, tower) for tower, _, _ in best], 0.95)
    return Place(lon, lat, min(max(off, NEAREST), FARTHEST))


def _percentile(values: list[float], part: float) -> float:
    # Between the two nearest values, as numpy.percentile does.
    values = sorted(values)
    place = part * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _metres(lon: float, lat: float, tower: Tower) -> float:
    east = (tower.lon - lon) * 111_195.0 * math.cos(math.radians(lat))
    return math.hypot(east, (tower.lat - lat) * 111_195.0)
