"""The picture of a track: places on the ground → a drawing `WIDE` units wide, as texts for an SVG. Pure.

Flat within the few kilometres of a day: east and north in metres from the middle, north up.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from schema.rules.simplifying import DEGREE, Spot, simplify, strokes

WIDE, HIGH = 1000.0, 560.0
EDGE = 40.0
NARROWEST = 200.0
"""Metres that are shown at least: of somebody who stands still one does not see the noise."""
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot in the drawing."""

    x: float
    y: float
    at: float


@dataclass(frozen=True, slots=True)
class Picture:
    """`ways` and `cells` are lists of points as SVG has them ("x,y x,y"), cells with their names.

    `scale` is (units, metres) of the bar.
    """

    ways: list[str]
    cells: list[tuple[str, str]]
    reports: list[Mark]
    start: Mark
    end: Mark
    scale: tuple[float, int]


def draw(
    spots: Sequence[Spot], cells: Sequence[tuple[str, Ring]] = (), reports: Sequence[Spot] = ()
) -> Picture | None:
    """The picture of these, None when there is no place to draw."""
    if not spots:
        return None
    lons, lats = [lon for _, lon, _ in spots], [lat for _, _, lat in spots]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    middle = ((west + east) / 2, (south + north) / 2)
    wide = DEGREE * max(math.cos(math.radians(middle[1])), 1e-6)
    across = max((east - west) * wide, NARROWEST)
    up = max((north - south) * DEGREE, NARROWEST * HIGH / WIDE)
    unit = min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / up)

    def place(lon: float, lat: float) -> tuple[float, float]:
        x = WIDE / 2 + (lon - middle[0]) * wide * unit
        return round(x, 1), round(HIGH / 2 - (lat - middle[1]) * DEGREE * unit, 1)

    def points(line: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in (place(*one) for one in line))

    near = [(name, ring) for name, ring in cells if ring and _is_near(place(one[0], one[1]) for one in ring)]
    ways = [simplify(stroke, 0.7 / unit) for stroke in strokes(spots)]
    marks = [Mark(*place(lon, lat), at) for at, lon, lat in chain((spots[0], spots[-1]), reports)]
    return Picture(
        [points([(lon, lat) for _, lon, lat in way]) for way in ways if len(way) > 1],
        [(name, points([(one[0], one[1]) for one in ring])) for name, ring in near],
        marks[2:],
        marks[0],
        marks[1],
        _scale(unit),
    )


def _is_near(corners: Iterable[tuple[float, float]]) -> bool:
    places = list(corners)
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs) < WIDE and max(xs) > 0 and min(ys) < HIGH and max(ys) > 0


def _scale(unit: float) -> tuple[float, int]:
    """The longest bar of a round number of metres that is no longer than a fifth of the picture."""
    metres = 1
    for power in range(7):
        for digit in (1, 2, 5):
            if digit * 10**power * unit <= WIDE / 5:
                metres = digit * 10**power
    return round(metres * unit, 1), metres
