"""The search for the highest clean rate, and the time from waiting to ringing."""

from collections.abc import Callable

import pytest

from bench.rig.ear import Event
from bench.rig.turns import side_by_side
from bench.route import WAY, offer_to_ring


@pytest.mark.parametrize("limit", [7.0, 60.0, 100.0, 131.0, 999.0])
def test_the_highest_clean_rate_is_found_within_the_grain(limit: float) -> None:
    (found,) = side_by_side(WAY, [lambda rate: rate <= limit])
    assert limit / WAY.fine / 1.001 <= found <= limit


def test_one_bad_moment_does_not_end_the_search() -> None:
    tried: list[float] = []

    def stumbles_once(rate: float) -> bool:
        tried.append(rate)
        return rate <= 200 and tried.count(rate) > 1

    (found,) = side_by_side(WAY, [stumbles_once])
    assert found > 190


def test_nothing_clean_is_no_rate() -> None:
    assert side_by_side(WAY, [lambda rate: False]) == [0]


def test_sides_take_turns_and_each_has_its_own_rate() -> None:
    turns: list[str] = []

    def side(name: str, limit: float) -> Callable[[float], bool]:
        def clean(rate: float) -> bool:
            turns.append(name)
            return rate <= limit

        return clean

    one, two = side_by_side(WAY, [side("one", 131.0), side("two", 999.0)])
    assert 131.0 / WAY.fine / 1.001 <= one <= 131.0 and 999.0 / WAY.fine / 1.001 <= two <= 999.0
    assert turns[:8] == ["one", "two"] * 4 and turns[-1] == "two"


def test_the_first_ring_after_the_first_wait_counts() -> None:
    def told(at: float, **event: str) -> tuple[float, Event]:
        return at, event

    queued = {"Event": "UserEvent", "What": "Queued", "Uniqueid": "1"}
    ring = {"Event": "DialBegin", "Uniqueid": "1"}
    events = [
        told(1.0, Event="DialBegin", Uniqueid="2"),
        told(1.0, **queued), told(1.004, **ring), told(2.0, **queued), told(3.0, **ring),
    ]  # fmt: skip
    assert offer_to_ring(events) == [pytest.approx(4.0)]
