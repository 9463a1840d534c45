"""The search for the most recorded calls at once."""

import pytest

from bench.record import SEATS, WAY
from bench.rig.turns import side_by_side


@pytest.mark.parametrize("limit", [9, 60, 80, 131, 199, SEATS])
def test_the_most_clean_calls_are_found_within_the_grain(limit: int) -> None:
    plain, found = side_by_side(WAY, [lambda count: True, lambda count: count <= limit])
    assert plain <= SEATS and plain * 1.3 > SEATS, "no more than there are seats"
    assert limit / WAY.fine - 1 <= found <= limit


def test_one_bad_moment_does_not_end_the_search_and_nothing_clean_is_none() -> None:
    tried: list[float] = []

    def stumbles_once(count: float) -> bool:
        tried.append(count)
        return count <= 200 and tried.count(count) > 1

    found, none = side_by_side(WAY, [stumbles_once, lambda count: False])
    assert found >= 200 / WAY.fine - 1 and none == 0
