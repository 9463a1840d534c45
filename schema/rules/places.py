"""Places: the code of a grid cell (单元网格), and whether a point lies in a ring. WGS-84 degrees, lon first."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

Ring = Sequence[Sequence[float]]
"""An outer boundary as [[lon, lat], …], the first point not repeated."""

_CELL = re.compile(r"[0-9]{15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CellCode:
    """A cell's code in its parts: 6 digits district, 3 street, 3 community, 3 cell (GB/T 30428)."""

    district: str
    street: str
    community: str
    cell: str

    def __str__(self) -> str:
        return self.district + self.street + self.community + self.cell


def read_cell_code(text: str) -> CellCode:
    """The parts of a cell code. Raises ValueError for anything but 15 digits with no part all zero."""
    if not _CELL.fullmatch(text):
        raise ValueError("a grid cell code has 15 digits: 6 district, 3 street, 3 community, 3 cell")
    parts = CellCode(text[:6], text[6:9], text[9:12], text[12:])
    for name in ("district", "street", "community", "cell"):
        if not int(getattr(parts, name)):
            raise ValueError(f"the {name} part of a grid cell code cannot be all zeros")
    return parts


def is_point(lon: float, lat: float) -> bool:
    """Whether these are degrees of a place on Earth."""
    return math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90


def contains(ring: Ring, lon: float, lat: float) -> bool:
    """Whether a point lies in a ring; on an edge shared by two rings it lies in exactly one of them."""
    inside = False
    x1, y1 = ring[-1][0], ring[-1][1]
    for point in ring:
        x2, y2 = point[0], point[1]
        if (y1 > lat) != (y2 > lat):
            # From the lower end, whichever way round the ring runs: neighbours must compute the very same edge.
            (xa, ya), (xb, yb) = ((x1, y1), (x2, y2)) if y1 < y2 else ((x2, y2), (x1, y1))
            if lon < xa + (lat - ya) * (xb - xa) / (yb - ya):
                inside = not inside
        x1, y1 = x2, y2
    return inside


def ring_fault(ring: Ring) -> str:
    """What is wrong with a boundary, in words; "" when nothing is."""
    if len(ring) < 3:
        return "a boundary has at least three points"
    if any(len(point) != 2 or not is_point(point[0], point[1]) for point in ring):
        return "a boundary's points are [longitude, latitude] in degrees"
    points = [(point[0], point[1]) for point in ring]
    if len(set(points)) != len(points):
        return "a boundary does not come to the same point twice"
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    for n, one in enumerate(edges):
        for m in range(n + 2, len(edges)):
            if (n, m) != (0, len(edges) - 1) and _cross(*one, *edges[m]):
                return "a boundary does not cross itself"
    if not any(_turn(points[n - 2], points[n - 1], points[n]) for n in range(len(points))):
        return "a boundary encloses some ground"
    return ""


Point = tuple[float, float]


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    apart = _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0
    touch = any(
        _turn(p, q, r) == 0 and _between(p, q, r) for p, q, r in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    )
    return apart or touch


def _turn(a: Point, b: Point, c: Point) -> int:
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
