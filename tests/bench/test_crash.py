"""The same seed kills the same parts in the same order, and the small form in the journeys meets every kind."""

import random

from bench.rig.chaos import WEIGHTS, chosen
from tests.journeys.test_chaos import KILLS, SEED


def test_the_same_seed_kills_the_same() -> None:
    one, other = random.Random(7), random.Random(7)
    assert [chosen(one) for _ in range(50)] == [chosen(other) for _ in range(50)]


def test_the_small_chaos_kills_each_part() -> None:
    assert set(_kills(SEED, KILLS)) == set(WEIGHTS)


def _kills(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return [chosen(chance) for _ in range(count)]
