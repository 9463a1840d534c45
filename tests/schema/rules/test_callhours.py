"""Hours in which citizens are called, held against a slow oracle that walks minute by minute, holidays included."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.workdays import city_calendar
from schema.rules.calendar import Span
from schema.rules.callhours import CallHours, read_hours, week_of

ZONE = ZoneInfo("Asia/Shanghai")
CITY = city_calendar("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
USUAL = Span(9 * 60, 20 * 60)
moments = st.integers(0, 350 * 1440 * 60 - 1).map(
    lambda n: datetime(2026, 1, 1, tzinfo=ZONE).astimezone(UTC) + timedelta(seconds=n)
)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Span, ...], ...]:
    def day() -> tuple[Span, ...]:
        cuts = sorted(draw(st.sets(st.integers(8 * 60, 21 * 60), max_size=4)))
        return tuple(Span(one, two) for one, two in list(pairwise(cuts))[::2])

    return tuple(day() for _ in range(7))


def is_open(hours: CallHours, moment: datetime) -> bool:
    """Said anew, from the calendar's own tables."""
    local = moment.astimezone(ZONE)
    day, minute = local.date(), local.hour * 60 + local.minute
    if day in CITY.days_off and not hours.holidays:
        return False
    weekday = 0 if day in CITY.workdays and day.weekday() >= 5 else day.weekday()
    return any(span.opens <= minute < span.closes for span in hours.week[weekday])


@given(weeks(), st.booleans(), moments)
def test_the_next_hour_is_the_first_minute_that_is_open(
    week: tuple[tuple[Span, ...], ...], holidays: bool, moment: datetime
) -> None:
    hours = CallHours(week, holidays)
    found = hours.next_open(moment, CITY)
    assert hours.open_at(moment, CITY) is is_open(hours, moment) is (found == moment)
    if found is None:
        assert not any(week)
        return
    assert found >= moment and is_open(hours, found)
    # Nothing in between is open: every quarter of an hour of the way is looked at, and the last minutes of it.
    looked = moment
    while looked < found:
        assert not is_open(hours, looked)
        looked += 15 * MINUTE if looked + 15 * MINUTE < found - 20 * MINUTE else MINUTE


def test_a_holiday_is_quiet_a_make_up_day_is_as_a_workday_and_a_site_may_say_otherwise() -> None:
    week = week_of(USUAL, ["", "", "", "", "", "10:00-12:00", "-"], 8, 21)
    hours = CallHours(week)
    nine = datetime(2026, 10, 1, 9, tzinfo=ZONE)  # the National Day, a Thursday
    assert hours.next_open(nine, CITY) == datetime(2026, 10, 8, 9, tzinfo=ZONE)
    assert CallHours(week, holidays=True).next_open(nine, CITY) == nine
    assert hours.open_at(datetime(2026, 10, 10, 9, tzinfo=ZONE), CITY), "a Saturday that is worked"
    assert hours.next_open(datetime(2026, 10, 17, 9, tzinfo=ZONE), CITY) == datetime(
        2026, 10, 17, 10, tzinfo=ZONE
    )
    assert hours.next_open(datetime(2026, 10, 17, 12, tzinfo=ZONE), CITY) == datetime(
        2026, 10, 19, 9, tzinfo=ZONE
    )
    assert CallHours(((),) * 7).next_open(nine, CITY) is None


@pytest.mark.parametrize(
    "text", ["", "9-12", "09:00", "07:59-09:00", "20:00-21:01", "12:00-11:00",
             "09:00-12:00 11:00-13:00", "09:60-10:00", "٠٩:00-10:00"]
)  # fmt: skip
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_hours(text, 8, 21)


def test_hours_are_read() -> None:
    assert read_hours(" 09:00-12:00  14:00-18:30 ", 8, 21) == (Span(540, 720), Span(840, 1110))
    assert read_hours("-", 8, 21) == ()
