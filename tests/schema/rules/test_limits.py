"""Time limits: read once, with every fault named."""

from typing import Any

import pytest

from schema.rules.bookparts import BadBook
from schema.rules.calendar import MOST_UNITS, URGENT_HOURS, WORKING_DAYS
from schema.rules.limits import USUAL, Limit, read_limit, read_limits

BODY = {key: limit.body() for key, limit in USUAL.items()}


def test_a_limit_is_read_as_it_is_written() -> None:
    assert read_limit([4, URGENT_HOURS, "hotline"]) == Limit(4, URGENT_HOURS, "hotline")
    assert read_limit([4, URGENT_HOURS]) == Limit(4, URGENT_HOURS, "city")
    assert read_limit(Limit(9, WORKING_DAYS).body()) == Limit(9, WORKING_DAYS)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([0, WORKING_DAYS], "whole number"), ([MOST_UNITS + 1, WORKING_DAYS], "whole number"),
        ([1.5, WORKING_DAYS], "whole number"), ([True, WORKING_DAYS], "whole number"),
        ([1, "weeks"], "the unit is one of"), ([1, WORKING_DAYS, ""], "1 to 20"), ([1, WORKING_DAYS, 7], "1 to 20"),
        ([1], "units, unit and calendar"), ("1 day", "units, unit and calendar"), (None, "units, unit and calendar"),
    ],
)  # fmt: skip
def test_what_is_no_limit_is_refused_with_the_reason(body: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_limit(body)


def test_the_book_has_one_limit_for_each_class_and_kind() -> None:
    assert read_limits(BODY) == dict(USUAL)
    with pytest.raises(BadBook) as bad:
        read_limits({key: value for key, value in BODY.items() if key != "social/service"} | {"social/joke": [1, "x"],
                    "government/complaint": [5, "weeks"]})  # fmt: skip
    assert set(bad.value.faults) == {"social/service", "social/joke", "government/complaint"}
    assert bad.value.faults["social/service"] == "this is needed"
