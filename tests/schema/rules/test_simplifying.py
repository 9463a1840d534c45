"""A track made fit to be drawn."""

import math
import random

from schema.rules.simplifying import DEGREE, SILENCE, Spot, _off, length, simplify, strokes

LON, LAT = 120.159, 30.267
WIDE = DEGREE * math.cos(math.radians(LAT))


def spot(second: float, east: float, north: float) -> Spot:
    return second, LON + east / WIDE, LAT + north / DEGREE


def test_a_straight_walk_is_its_ends() -> None:
    line = [spot(n, 10 * n, 0) for n in range(50)]
    assert simplify(line, 1) == [line[0], line[-1]]
    assert simplify(line[:2], 1) == line[:2] and simplify([], 1) == []


def test_a_way_there_and_back_keeps_its_turn() -> None:
    there = [spot(n, 10 * n, 0) for n in range(20)]
    back = [spot(20 + n, 190 - 10 * n, 0) for n in range(20)]
    assert there[-1][1:] in [one[1:] for one in simplify(there + back, 5)]


def test_nothing_left_out_is_farther_than_the_tolerance() -> None:
    chance = random.Random(7)
    east = north = 0.0
    line = []
    for second in range(3000):
        east, north = east + chance.uniform(-8, 10), north + chance.uniform(-9, 9)
        line.append(spot(second, east, north))
    for tolerance in (5.0, 50.0):
        kept = simplify(line, tolerance)
        assert kept[0] == line[0] and kept[-1] == line[-1] and len(kept) < len(line)
        for first, last in zip(kept, kept[1:], strict=False):
            ends = [((one[1] - LON) * WIDE, (one[2] - LAT) * DEGREE) for one in (first, last)]
            for one in line[line.index(first) : line.index(last)]:
                assert _off(((one[1] - LON) * WIDE, (one[2] - LAT) * DEGREE), *ends) <= tolerance * 1.001
    assert len(simplify(line, 50.0)) < len(simplify(line, 5.0)) / 2


def test_a_silence_cuts_the_line() -> None:
    line = [spot(0, 0, 0), spot(30, 9, 0), spot(31 + SILENCE, 500, 0), spot(60 + SILENCE, 510, 0)]
    assert strokes(line) == [line[:2], line[2:]] and strokes([]) == []


def test_length_is_metres_along_the_line() -> None:
    assert abs(length([spot(0, 0, 0), spot(1, 300, 0), spot(2, 300, 400)]) - 700) < 0.1
    assert length([]) == 0
