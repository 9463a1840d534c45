"""Working time, held against a slow oracle that walks 2026 minute by minute, holidays and make-up days included."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.workdays import KNOWN_TO, city_calendar
from schema.rules.calendar import (
    CALENDAR_DAYS,
    UNITS,
    URGENT_HOURS,
    WORKING_DAYS,
    WORKING_HOURS,
    BadCalendar,
    Calendar,
    Span,
    due,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY = city_calendar("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """A local time of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


# -- the oracle: knows nothing but which minute is open --------------------------------------------------------


@cache
def open_minutes() -> list[datetime]:
    """Every minute of 2026 and January 2027 in which the city works, as UTC, in order."""
    minutes, moment = [], at("2026-01-01")
    while moment.year < 2027 or moment.month < 2:
        day, of_day = moment.date(), moment.hour * 60 + moment.minute
        rests = day in CITY.days_off or (moment.weekday() >= 5 and day not in CITY.workdays)
        if not rests and (510 <= of_day < 720 or 810 <= of_day < 1050):
            minutes.append(moment.astimezone(UTC))
        moment += MINUTE
    return minutes


@cache
def working_days() -> list[date]:
    return sorted({minute.astimezone(SHANGHAI).date() for minute in open_minutes()})


starts = st.integers(0, 350 * 1440 - 1).map(lambda n: at("2026-01-01") + n * MINUTE)


@given(starts, st.integers(1, 60))
def test_working_hours_are_the_open_minutes(start: datetime, hours: int) -> None:
    minutes = open_minutes()
    first = bisect_left(minutes, start)
    assert due(start, hours, WORKING_HOURS, CITY).at == minutes[first + hours * 60 - 1] + MINUTE


@given(starts, st.integers(1, 20))
def test_working_days_are_counted_from_the_day_after(start: datetime, days: int) -> None:
    found = due(start, days, WORKING_DAYS, CITY)
    known = working_days()
    day = known[bisect_right(known, start.date()) + days - 1]
    assert found.at == datetime(day.year, day.month, day.day, 17, 30, tzinfo=SHANGHAI)
    assert found.certain is (day <= KNOWN_TO)


@given(starts, st.integers(1, 400), st.sampled_from([URGENT_HOURS, CALENDAR_DAYS]))
def test_what_runs_over_holidays_does_not_ask_the_calendar(start: datetime, units: int, unit: str) -> None:
    found = due(start, units, unit, CITY)
    assert found.certain and not found.skipped
    if unit == URGENT_HOURS:
        assert found.at - start == timedelta(hours=units)
    else:
        assert (found.at - MINUTE).astimezone(SHANGHAI).date() == start.date() + timedelta(days=units)
        assert found.at.astimezone(SHANGHAI).strftime("%H:%M") == "00:00"


@given(starts, st.integers(1, 30), st.integers(1, 3 * 1440), st.sampled_from(UNITS))
def test_who_starts_later_is_never_due_earlier(start: datetime, units: int, minutes: int, unit: str) -> None:
    assert due(start, units, unit, CITY).at <= due(start + minutes * MINUTE, units, unit, CITY).at
    assert due(start, units, unit, CITY).at < due(start, units + 1, unit, CITY).at


# -- the days that go wrong elsewhere --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "units", "unit", "expected"),
    [
        ("2026-11-24 11:00", 1, WORKING_HOURS, "11-24 12:00"),  # fills the morning: due as it closes
        ("2026-11-24 11:30", 1, WORKING_HOURS, "11-24 14:00"),  # over lunch
        ("2026-11-24 22:00", 1, WORKING_HOURS, "11-25 09:30"),  # at night: from the next opening
        ("2026-11-27 17:00", 1, WORKING_HOURS, "11-30 09:00"),  # over a weekend
        ("2026-02-13 17:00", 1, WORKING_HOURS, "02-14 09:00"),  # into a make-up Saturday
        ("2026-02-14 17:00", 1, WORKING_HOURS, "02-24 09:00"),  # over the Spring Festival
        ("2026-02-13 09:00", 1, WORKING_DAYS, "02-14 17:30"),
        ("2026-02-13 09:00", 2, WORKING_DAYS, "02-24 17:30"),
        ("2026-02-27 09:00", 1, WORKING_DAYS, "02-28 17:30"),
        ("2026-09-30 23:59", 1, WORKING_DAYS, "10-08 17:30"),
        ("2026-10-08 00:00", 3, WORKING_DAYS, "10-12 17:30"),  # 9 Friday, 10 make-up Saturday, 12 Monday
        ("2026-11-28 10:00", 1, WORKING_DAYS, "11-30 17:30"),  # filed on a Saturday
        ("2026-11-24 00:00", 1, CALENDAR_DAYS, "11-26 00:00"),
        ("2026-11-24 23:59", 1, CALENDAR_DAYS, "11-26 00:00"),
        ("2026-02-14 20:00", 24, URGENT_HOURS, "02-15 20:00"),
    ],
)
def test_a_deadline(start: str, units: int, unit: str, expected: str) -> None:
    assert local(due(at(start), units, unit, CITY).at) == expected


def test_seconds_are_kept() -> None:
    assert due(at("2026-11-24 10:00:30"), 1, WORKING_HOURS, CITY).at == at("2026-11-24 11:00:30")


def test_a_deadline_says_what_it_skipped_and_what_it_counted() -> None:
    found = due(at("2026-09-30 10:00"), 3, WORKING_DAYS, CITY)
    assert local(found.at) == "10-10 17:30"
    assert [name for _, name in found.skipped] == ["国庆节"] * 7
    assert found.made_up == (date(2026, 10, 10),)
    assert '["2026-10-01","2026-10-07","国庆节"]' in found.record()


def test_a_deadline_beyond_what_is_known_is_flagged_not_hidden() -> None:
    assert due(at("2026-12-30 09:00"), 1, WORKING_DAYS, CITY).certain
    found = due(at("2026-12-30 09:00"), 2, WORKING_DAYS, CITY)
    assert not found.certain
    assert local(found.at) == "01-01 17:30"  # 2027's New Year is not in the table, so nobody may rely on it


def test_reasons_never_outgrow_their_column() -> None:
    many = {date(2026, 1, 1) + timedelta(days=2 * n): f"节日{n}" for n in range(170)}
    calendar = Calendar(SHANGHAI, CITY.spans, KNOWN_TO, many)
    assert len(due(at("2026-01-01"), 90, WORKING_DAYS, calendar).record()) <= 300


def test_the_day_is_the_citys_and_not_utcs() -> None:
    evening = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 01:00 on the 25th in Shanghai
    assert local(due(evening, 1, WORKING_DAYS, CITY).at) == "11-26 17:30"


def test_hours_hold_where_clocks_are_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(berlin, (Span(0, 1440),), date(2026, 12, 31), workdays={date(2026, 3, 29): "test"})
    start = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)  # that day has 23 hours
    assert due(start, 24, URGENT_HOURS, calendar).at.astimezone(berlin).hour == 1
    assert due(start, 24, WORKING_HOURS, calendar).at == datetime(2026, 3, 30, 1, 0, tzinfo=berlin)
    assert due(start, 1, CALENDAR_DAYS, calendar).at == datetime(2026, 3, 31, 0, 0, tzinfo=berlin)


# -- what is refused -------------------------------------------------------------------------------------------


def test_naive_times_strange_units_and_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        due(datetime(2026, 11, 24, 9), 1, WORKING_DAYS, CITY)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no unit"):
        due(at("2026-11-24 09:00"), 1, "weeks", CITY)
    for units in (0, -1, 10**9):
        with pytest.raises(ValueError, match="out of range"):
            due(at("2026-11-24 09:00"), units, WORKING_DAYS, CITY)


@pytest.mark.parametrize(
    "spans",
    [(), (Span(600, 600),), (Span(600, 1441),), (Span(500, 600), Span(599, 700)), (Span(-1, 5),)],
)
def test_hours_that_are_none_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(BadCalendar):
        Calendar(SHANGHAI, spans, KNOWN_TO)


def test_a_day_cannot_be_both() -> None:
    day = date(2026, 5, 1)
    with pytest.raises(BadCalendar, match="2026-05-01"):
        Calendar(SHANGHAI, CITY.spans, KNOWN_TO, {day: "劳动节"}, {day: "劳动节"})


@pytest.mark.parametrize("unit", [WORKING_HOURS, WORKING_DAYS])
def test_a_calendar_that_never_works_ends_in_words_and_not_in_a_loop(unit: str) -> None:
    off = {date(2026, 1, 1) + timedelta(days=n): "" for n in range(800)}
    with pytest.raises(BadCalendar, match="no working"):
        due(at("2026-01-01 09:00"), 1, unit, Calendar(SHANGHAI, CITY.spans, KNOWN_TO, off))
