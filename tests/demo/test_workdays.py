"""The calendar of 2026 against the library that follows the State Council's announcements."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from demo.workdays import HOLIDAYS, KNOWN_TO, city_calendar

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_works_or_rests_as_announced(month: int) -> None:
    calendar = city_calendar("Asia/Shanghai")
    for day in DAYS:
        if day.month == month:
            assert calendar.works(day) is chinese_calendar.is_workday(day), day


def test_the_calendar_is_known_to_the_end_of_its_year() -> None:
    assert DAYS[-1] == KNOWN_TO
    assert all(first <= last <= KNOWN_TO for _, first, last in HOLIDAYS)
