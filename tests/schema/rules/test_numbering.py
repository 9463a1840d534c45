"""Case numbers: written and read back, and nothing else is one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.numbering import PREFIXES, case_no, counter_key, read_case_no

DAY = date(2026, 11, 24)


def test_a_number_names_class_day_and_count() -> None:
    assert case_no("government", DAY, 1) == "ZW-20261124-0001"
    assert case_no("social", DAY, 123) == "SH-20261124-0123"
    assert counter_key("social", DAY) == "SH-20261124"


def test_a_very_busy_day_goes_on_counting() -> None:
    assert case_no("social", DAY, 10_000) == "SH-20261124-10000"


@given(st.sampled_from(sorted(PREFIXES)), st.dates(date(1000, 1, 1)), st.integers(1, 10**6))
def test_what_is_written_is_read_back(class_: str, day: date, number: int) -> None:
    text = case_no(class_, day, number)
    assert len(text) <= 24
    assert read_case_no(text) == (class_, day, number)


@pytest.mark.parametrize(
    "text", ["", "ZW-20261124-001", "XX-20261124-0001", "ZW-20261324-0001", "zw-20261124-0001", "ZW-20261124-0001\n",
             "ZW-２０２６１１２４-0001", "ZW-20261124-0001 OR 1=1"]
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_case_no(text)


def test_unknown_classes_and_counts_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="class"):
        counter_key("military", DAY)
    with pytest.raises(ValueError, match="from 1"):
        case_no("social", DAY, 0)
