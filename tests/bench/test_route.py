"""The search for the highest clean rate, and the time from waiting to ringing."""

import pytest

from bench.rig.ear import Event
from bench.route import FINE, highest, offer_to_ring


@pytest.mark.parametrize("limit", [7.0, 60.0, 100.0, 131.0, 999.0])
def test_the_highest_clean_rate_is_found_within_the_grain(limit: float) -> None:
    found = highest(lambda rate: rate <= limit)
    assert limit / FINE / 1.001 <= found <= limit


def test_one_bad_moment_does_not_end_the_search() -> None:
    tried: list[float] = []

    def stumbles_once(rate: float) -> bool:
        tried.append(rate)
        return rate <= 200 and tried.count(rate) > 1

    assert highest(stumbles_once) > 190


def test_nothing_clean_is_no_rate() -> None:
    assert highest(lambda rate: False) == 0


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
