"""Announced holidays: what the library says of a year is what was announced."""

from datetime import date

import pytest

from backoffice.holidays import YearUnknown, holidays_of, known_years
from demo.workdays import city_calendar


def test_the_holidays_of_2026_are_those_of_the_state_council_s_notice() -> None:
    notice = city_calendar("Asia/Shanghai")
    off, made_up = holidays_of(2026)
    assert set(off) == set(notice.days_off) and set(made_up) == set(notice.workdays)
    assert off[date(2026, 10, 1)] == made_up[date(2026, 10, 10)] == "国庆节"


def test_a_year_that_nobody_announced_is_unknown() -> None:
    first, last = known_years()
    for year in (first - 1, last + 1):
        with pytest.raises(YearUnknown):
            holidays_of(year)
    assert all(day.year == last for days in holidays_of(last) for day in days)
