"""The same seed kills the same parts in the same order, and a short run has every part."""

from bench.rig.chaos import WEIGHTS, planned


def test_the_same_seed_kills_the_same() -> None:
    assert planned(50, 7) == planned(50, 7) != planned(50, 8)


def test_a_short_run_kills_each_part_and_a_long_one_the_bridge_most() -> None:
    assert {plan.name for plan in planned(len(WEIGHTS), 3)} == set(WEIGHTS)
    names = [plan.name for plan in planned(500, 3)]
    assert max(set(names), key=names.count) == "bridge"
