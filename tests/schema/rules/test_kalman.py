"""Fixes by satellite and by cell together say more than either."""

import math
import random

import pytest

from schema.rules.kalman import DEGREE, GAP, ROUND, State, fuse, sigma_of

LON, LAT = 120.159, 30.267
WIDE = DEGREE * math.cos(math.radians(LAT))


def walk(chance: random.Random, seconds: int) -> list[tuple[float, float]]:
    """Metres east and north at each second: legs of some minutes at walking pace, with stops."""
    east = north = 0.0
    way, heading, pace = [], 0.0, 0.0
    for second in range(seconds):
        if second % 120 == 0:
            heading, pace = chance.uniform(0, 2 * math.pi), chance.choices((0, 1.3, 3.0), (3, 6, 1))[0]
        east, north = east + pace * math.cos(heading), north + pace * math.sin(heading)
        way.append((east, north))
    return way


def errors(sources: dict[int, float], seed: int) -> dict[str, float]:
    """Root mean square metres off of what each source says alone and of all fused; `sources`: every n s, sigma."""
    chance = random.Random(seed)
    state: State | None = None
    off: dict[str, list[float]] = {"fused": [], **{str(every): [] for every in sources}}
    for second, (east, north) in enumerate(walk(chance, 7200)):
        for every, sigma in sources.items():
            if second % every:
                continue
            seen = east + chance.gauss(0, sigma), north + chance.gauss(0, sigma)
            off[str(every)].append((seen[0] - east) ** 2 + (seen[1] - north) ** 2)
            state = fuse(state, float(second), LON + seen[0] / WIDE, LAT + seen[1] / DEGREE, sigma)
            if second > 120:
                here = (state.lon - LON) * WIDE, (state.lat - LAT) * DEGREE
                off["fused"].append((here[0] - east) ** 2 + (here[1] - north) ** 2)
    return {name: math.sqrt(sum(values) / len(values)) for name, values in off.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_good_fixes_are_smoothed(seed: int) -> None:
    found = errors({2: 12.0}, seed)
    assert found["fused"] < 0.75 * found["2"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_do_not_spoil_satellites_and_satellites_mend_cells(seed: int) -> None:
    found = errors({5: 10.0, 30: 400.0}, seed)
    assert found["fused"] < found["5"] < found["30"] / 10


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_alone_get_better_together(seed: int) -> None:
    found = errors({20: 400.0}, seed)
    assert found["fused"] < 0.7 * found["20"]


def test_what_it_says_of_itself_is_about_true() -> None:
    chance, inside, count, state = random.Random(5), 0, 0, None
    for second, (east, north) in enumerate(walk(chance, 36_000)):
        if second % 10 == 0:
            lon, lat = LON + (east + chance.gauss(0, 10)) / WIDE, LAT + (north + chance.gauss(0, 10)) / DEGREE
            state = fuse(state, float(second), lon, lat, 10.0)
            off = math.hypot((state.lon - LON) * WIDE - east, (state.lat - LAT) * DEGREE - north)
            inside, count = inside + (off <= state.accuracy), count + 1
    assert 0.55 < inside / count < 0.85


def test_after_a_long_silence_and_for_an_older_fix_it_begins_anew() -> None:
    state = fuse(None, 0.0, LON, LAT, 10.0)
    assert state.accuracy == pytest.approx(ROUND * 10)
    for at in (GAP + 1, -1.0):
        assert fuse(state, at, LON + 1, LAT, 20.0) == State(at, LON + 1, LAT, place=400.0)
    same = fuse(state, 0.0, LON, LAT, 10.0)
    assert (same.lon, same.lat, same.place) == (pytest.approx(LON), pytest.approx(LAT), pytest.approx(50.0))


def test_a_fix_that_tells_no_accuracy_is_taken_for_an_ordinary_one() -> None:
    assert sigma_of(0) == sigma_of(25) and sigma_of(0.1) == sigma_of(3) and sigma_of(30) > sigma_of(25)
