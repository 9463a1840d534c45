"""Which positions are not trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from field_gateway.fix import Fix, flags, is_future, metres

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HERE = Fix(NOW - timedelta(minutes=1), 120.159, 30.267, 8)


def at(seconds: float, *, lon: float = 120.159, lat: float = 30.267, accuracy: float | None = 8) -> Fix:
    return Fix(NOW + timedelta(seconds=seconds), lon, lat, accuracy)


@pytest.mark.parametrize(
    ("fix", "flag"),
    [
        (at(0), ""),
        (at(119), ""),
        (at(121), "future"),
        (at(-7 * 86400 + 1), ""),
        (at(-7 * 86400 - 1), "old"),
        (at(0, lon=0, lat=0), "null-island"),
        (at(0, lon=0, lat=0.001), ""),
        (at(0, accuracy=2000), ""),
        (at(0, accuracy=2001), "inaccurate"),
        (at(0, accuracy=None), ""),
    ],
)
def test_one_fix(fix: Fix, flag: str) -> None:
    assert flags([fix], NOW, None) == [flag]


def test_nobody_on_duty_flies() -> None:
    near, far = at(0, lon=120.16), at(0, lon=121.0)
    assert flags([near], NOW, HERE) == [""]
    assert flags([far], NOW, HERE) == ["jump"]


def test_a_jump_does_not_spoil_what_follows_it() -> None:
    points = [at(-40), at(-30, lon=121.0), at(-20), at(-10)]
    assert flags(points, NOW, HERE) == ["", "jump", "", ""]


def test_vague_fixes_may_differ_by_as_much_as_they_are_vague() -> None:
    assert flags([at(0, lon=120.19, accuracy=10)], NOW, at(-1, accuracy=10)) == ["jump"]
    assert flags([at(0, lon=120.19, accuracy=1500)], NOW, at(-1, accuracy=1500)) == [""]


def test_a_backlog_is_judged_in_the_order_of_time() -> None:
    # Walked 60 m in a minute, sent newest first.
    points = [at(-10, lon=120.1605), at(-70, lon=120.160), at(-130, lon=120.1595)]
    assert flags(points, NOW, None) == ["", "", ""]


def test_a_backlog_older_than_the_last_position_is_judged_by_the_distance_in_time() -> None:
    assert flags([at(-3600, lon=120.5)], NOW, HERE) == [""]


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres(at(0, lat=30), at(0, lat=31)) == pytest.approx(111_195, rel=0.005)
    assert metres(at(0, lon=179.999, lat=0), at(0, lon=-179.999, lat=0)) == pytest.approx(222.4, rel=0.01)
    assert metres(HERE, HERE) == 0


def test_clocks_may_differ_by_two_minutes() -> None:
    assert not is_future(NOW + timedelta(minutes=2), NOW)
    assert is_future(NOW + timedelta(minutes=2, seconds=1), NOW)
