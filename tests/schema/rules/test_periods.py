"""Periods are read as they are written, and follow each other without a gap."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.periods import BadPeriod, days_between, month_of, quarter_of, read_period

DAYS = st.dates(date(1971, 1, 1), date(8999, 12, 31))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(DAYS)
def test_a_month_and_a_quarter_hold_their_day_and_come_back_as_written(day: date) -> None:
    for period in (month_of(day), quarter_of(day), days_between(day, day)):
        assert period.first <= day <= period.last
        assert read_period(period.key) == period


@given(DAYS, st.integers(-5, 5))
def test_the_next_one_begins_where_one_ends(day: date, step: int) -> None:
    for period in (month_of(day), quarter_of(day), days_between(day, day)):
        on = period.beside(step)
        assert on.beside(-step) == period
        assert on.span(SHANGHAI)[1] == on.beside(1).span(SHANGHAI)[0]


def test_a_month_is_the_sites_own_days() -> None:
    begin, end = read_period("2026-11").span(SHANGHAI)
    assert (begin, end) == (datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC))
    assert read_period("2026-Q4").first == date(2026, 10, 1)
    assert read_period("2026-Q4").last == date(2026, 12, 31)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-Q5", "2026-11-01", "2026-11-02..2026-11-01", "2026-01-01..2027-06-01", "20261101..x",
     "0000-01", "9999-12", "1-1-1..2-2-2", "2026-11..", "２０２６-11", "2026-W01-1..2026-W02-1"],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        read_period(text)
