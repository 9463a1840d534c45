"""A track made fit to be drawn: cut where it was silent, and with no more points than one sees. Pure.

Simplified after Ramer, Douglas and Peucker: no point that is left out lies farther than the tolerance from the line
through those that stay. WGS-84 degrees, metres, Unix seconds.
"""

import math
from collections.abc import Sequence

SILENCE = 600.0
"""Seconds without a position after which a line is not drawn on: nobody knows where the worker went."""
DEGREE = 111_195.0

Spot = tuple[float, float, float]
"""Unix seconds, lon, lat."""


def strokes(track: Sequence[Spot], silence: float = SILENCE) -> list[list[Spot]]:
    """The track, in order of time, in pieces without a silence within."""
    pieces: list[list[Spot]] = []
    for spot in track:
        if not pieces or spot[0] - pieces[-1][-1][0] > silence:
            pieces.append([])
        pieces[-1].append(spot)
    return pieces


def simplify(line: Sequence[Spot], tolerance: float) -> list[Spot]:
    """Those points of a line from which no other is farther than `tolerance` metres; always the first and last."""
    if len(line) < 3:
        return list(line)
    wide = DEGREE * math.cos(math.radians(line[0][2]))
    flat = [((lon - line[0][1]) * wide, (lat - line[0][2]) * DEGREE) for _, lon, lat in line]
    stay = bytearray(len(line))
    stay[0] = stay[-1] = 1
    left = [(0, len(line) - 1)]  # a stack, not recursion: a day has thousands of points
    while left:
        first, last = left.pop()
        farthest, where = tolerance, 0
        for index in range(first + 1, last):
            off = _off(flat[index], flat[first], flat[last])
            if off > farthest:
                farthest, where = off, index
        if where:
            stay[where] = 1
            left += [(first, where), (where, last)]
    return [spot for spot, stays in zip(line, stay, strict=True) if stays]


def length(line: Sequence[Spot]) -> float:
    """Metres along a line."""
    way = 0.0
    for (_, lon1, lat1), (_, lon2, lat2) in zip(line, line[1:], strict=False):
        way += math.hypot((lon2 - lon1) * DEGREE * math.cos(math.radians(lat1)), (lat2 - lat1) * DEGREE)
    return way


def _off(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    across, up = end[0] - start[0], end[1] - start[1]
    squared = across * across + up * up
    if not squared:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    # To the piece of line, not the endless one: a way there and back is more than its ends.
    part = ((point[0] - start[0]) * across + (point[1] - start[1]) * up) / squared
    part = min(max(part, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - part * across, point[1] - start[1] - part * up)
