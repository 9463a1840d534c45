"""Which positions are not trusted, and why."""

import math
from dataclasses import replace

import pytest

from schema.rules.positionfilters import AFTER, ALONE, FLAGS, Fix, Limits, judge, metres

NOW = 1_795_507_200.0
LIMITS = Limits()


def at(
    seconds: float, *, lon: float = 120.159, lat: float = 30.267, accuracy: float = 8, **more: object
) -> Fix:
    return replace(Fix(NOW + seconds, lon, lat, accuracy, taken=NOW), **more)


HERE = at(-60)


def flags(fixes: list[Fix], last: Fix | None = None, today: int = 0, **limits: object) -> list[str]:
    return judge(fixes, replace(LIMITS, **limits), NOW, last, today)[0]


def test_every_filter_of_the_list_is_there_in_order() -> None:
    assert FLAGS == (
        "invalid", "zero", "outdated", "future", "old", "inaccurate", "approximate", "duplicate", "static",
        "distance", "jump", "too-soon", "daily-limit",
    )  # fmt: skip
    assert len(ALONE) + len(AFTER) + 1 == len(FLAGS)


@pytest.mark.parametrize(
    ("fix", "flag"),
    [
        (at(0), ""),
        (at(0, valid=False), "invalid"),
        (at(0, lon=math.nan), "invalid"),
        (at(0, lat=90.1), "invalid"),
        (at(119), ""),
        (at(121), "future"),
        (at(-7 * 86400 + 1), ""),
        (at(-7 * 86400 - 1), "old"),
        (at(0, lon=0, lat=0), "zero"),
        (at(0, lon=0, lat=0.001), ""),
        (at(0, outdated=True), "outdated"),
        (at(0, accuracy=2000), ""),
        (at(0, accuracy=2001), "inaccurate"),
        (at(0, accuracy=5000, approximate=True), ""),
        (at(0, accuracy=0), ""),
        # The first that objects names it.
        (at(121, lon=0, lat=0, accuracy=9999, valid=False), "invalid"),
    ],
)
def test_what_is_wrong_with_one_by_itself(fix: Fix, flag: str) -> None:
    assert flags([fix]) == [flag]


@pytest.mark.parametrize(
    ("fix", "limits", "flag"),
    [
        (at(-60), {}, "duplicate"),
        (at(-60, told=frozenset({"speed"})), {}, ""),  # it says more than the one before
        (at(-60), {"duplicate": False}, ""),
        (at(0, speed=0.0), {"static": True}, "static"),
        (at(0, speed=0.0), {}, ""),
        (at(0, approximate=True), {"approximate": True}, "approximate"),
        (at(0, lon=120.15901), {"distance": 5.0}, "distance"),
        (at(0, lon=120.1591), {"distance": 5.0}, ""),
        (at(0, lon=120.16), {}, ""),
        (at(0, lon=121.0), {}, "jump"),
        (at(0, lon=121.0), {"max_speed": 0.0}, ""),
        (at(-58), {"min_period": 5.0}, "too-soon"),
        (at(-50), {"min_period": 5.0}, ""),
    ],
)
def test_what_is_too_much_or_impossible_after_another(fix: Fix, limits: dict[str, object], flag: str) -> None:
    assert flags([fix], HERE, **limits) == [flag]


def test_a_long_silence_or_a_named_attribute_passes_what_compares() -> None:
    far = at(0, lon=121.0)
    assert flags([far], replace(HERE, taken=NOW - 901)) == [""]
    assert flags([far], replace(HERE, taken=NOW - 899)) == ["jump"]
    speaking = replace(far, told=frozenset({"cells"}))
    assert flags([speaking], HERE, skip_attributes=("cells",)) == [""]
    assert flags([speaking], HERE, skip_attributes=("speed",)) == ["jump"]
    # What is wrong by itself stays wrong.
    assert flags([replace(speaking, valid=False)], HERE, skip_attributes=("cells",)) == ["invalid"]


def test_above_the_daily_limit_one_in_a_while_is_trusted() -> None:
    points = [at(-50 + 10 * n) for n in range(6)]
    assert flags(points, HERE, 3, daily=5, daily_interval=0) == ["", "", *["daily-limit"] * 4]
    assert flags(points, HERE, 5, daily=5, daily_interval=30) == ["daily-limit"] * 2 + [""] + [
        "daily-limit"
    ] * 2 + [""]
    midnight = 86_400 - NOW % 86_400
    tomorrow = [at(midnight - 86_400 - 30), at(midnight - 86_400 + 1)]
    assert flags(tomorrow, at(midnight - 86_460), 9, daily=9, daily_interval=0) == ["daily-limit", ""]


def test_a_jump_does_not_spoil_what_follows_it() -> None:
    points = [at(-40), at(-30, lon=121.0), at(-20), at(-10)]
    found, last = judge(points, LIMITS, NOW, HERE)
    assert found == ["", "jump", "", ""] and last is points[3]


def test_a_wild_first_fix_is_outvoted_by_those_that_agree() -> None:
    wild, good = at(-100, lon=121.0), [at(-90 + 10 * n, lon=120.159 + n * 1e-4) for n in range(5)]
    assert flags([wild, *good]) == ["jump", "", "", "", "", ""]
    assert flags([wild, *good[:4]]) == ["", *["jump"] * 4], "four are not enough"
    assert flags([wild, *good], agree=0) == ["", *["jump"] * 5]
    # What went before it was trusted by others: it stays so, but the way goes on.
    assert judge([wild, *good], LIMITS, NOW, at(-110, lon=121.0)) == ([""] * 6, good[-1])
    # Each somewhere else: they do not agree.
    scattered = [at(-59 + 5 * n, lon=100.0 + 2 * n) for n in range(8)]
    assert flags(scattered, HERE) == ["jump"] * 8


def test_vague_fixes_may_differ_by_as_much_as_they_are_vague() -> None:
    assert flags([at(0, lon=120.19, accuracy=10)], at(-1, accuracy=10)) == ["jump"]
    assert flags([at(0, lon=120.19, accuracy=1500)], at(-1, accuracy=1500)) == [""]


def test_a_backlog_is_judged_in_the_order_of_time() -> None:
    # Walked 60 m in a minute, sent newest first.
    points = [at(-10, lon=120.1605), at(-70, lon=120.160), at(-130, lon=120.1595)]
    assert flags(points) == ["", "", ""]
    assert judge(points, LIMITS, NOW, None)[1] is points[0]


def test_distance_is_that_of_the_great_circle() -> None:
    # A degree of latitude, and one of longitude at 60 degrees north, is half of it.
    assert metres(at(0, lon=0, lat=0), at(0, lon=0, lat=1)) == pytest.approx(111_195, abs=1)
    assert metres(at(0, lon=0, lat=60), at(0, lon=1, lat=60)) == pytest.approx(55_597, abs=20)
