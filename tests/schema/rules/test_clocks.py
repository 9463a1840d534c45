"""Clocks, held against a slow oracle that walks four years minute by minute: make-up days, half days, suspensions."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.workdays import HOURS, city_calendar
from schema.rules.calendar import (
    CALENDAR_DAYS,
    UNITS,
    URGENT_HOURS,
    WORKING_DAYS,
    WORKING_HOURS,
    BadCalendar,
    Calendar,
    Span,
)
from schema.rules.clocks import BadClock, Clock, deadline, reached, start, used

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FIRST = datetime(2025, 1, 1, tzinfo=SHANGHAI)
DAYS = 4 * 365 + 1
OFF = {date(year, month, day): "节" for year in (2025, 2026, 2027, 2028)
       for month, day in ((1, 1), (1, 28), (1, 29), (1, 30), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}  # fmt: skip
MADE_UP = {date(2025, 1, 26): "节", date(2025, 9, 28): "节", date(2026, 2, 14): "节", date(2026, 10, 10): "节",
           date(2027, 5, 8): "节", date(2028, 4, 29): "节"}  # fmt: skip
HALF = {date(2025, 12, 31): (Span(510, 720),), date(2026, 2, 28): (Span(540, 600), Span(610, 705)),
        date(2026, 3, 8): (Span(810, 1050),), date(2027, 5, 8): (Span(510, 720),)}  # fmt: skip
CITY = Calendar(SHANGHAI, HOURS, date(2028, 12, 31), OFF, MADE_UP, HALF)
HOTLINE = Calendar(SHANGHAI, (Span(0, 1440),), date(2028, 12, 31), week=frozenset(range(7)))


# -- the oracle: a row of minutes, open or not ------------------------------------------------------------------


@cache
def city_minutes() -> bytes:
    """One byte a minute, from the first of 2025: 1 where the city works."""
    row = bytearray(DAYS * 1440)
    for n in range(DAYS):
        day = FIRST.date() + timedelta(days=n)
        open_today = day in HALF or day in MADE_UP or (day.weekday() < 5 and day not in OFF)
        for minute in range(1440) if open_today else ():
            if day in HALF:
                works = any(span.opens <= minute < span.closes for span in HALF[day])
            else:
                works = 510 <= minute < 720 or 810 <= minute < 1050
            row[n * 1440 + minute] = works
    return bytes(row)


def minutes_of(unit: str) -> bytes:
    return city_minutes() if unit in (WORKING_HOURS, WORKING_DAYS) else b"\x01" * (DAYS * 1440)


def plain_end(begins: int, units: int, unit: str) -> int:
    """The minute at which it is due were the clock never suspended."""
    row = minutes_of(unit)
    if unit in (URGENT_HOURS, WORKING_HOURS):
        return walk(begins, units * 60, row, [])
    day = begins // 1440
    if unit == CALENDAR_DAYS:
        return (day + units + 1) * 1440
    while units:
        day += 1
        units -= 1 in row[day * 1440 : (day + 1) * 1440]
    return day * 1440 + row[day * 1440 : (day + 1) * 1440].rindex(1) + 1


def walk(at: int, left: int, row: bytes, stood: list[tuple[int, int]]) -> int:
    """From minute `at`, the minute by which `left` counted ones have gone, those within `stood` not counted."""
    while left:
        left -= row[at] and not any(began <= at < ended for began, ended in stood)
        at += 1
    return at


def oracle(begins: int, units: int, unit: str, stood: list[tuple[int, int]]) -> int:
    row = minutes_of(unit)
    return walk(begins, sum(row[begins : plain_end(begins, units, unit)]), row, stood)


def when(minute: int) -> datetime:
    return (FIRST + minute * MINUTE).astimezone(UTC)


starts = st.integers(0, (3 * 365) * 1440)
pauses = st.lists(st.tuples(st.integers(0, 4 * 1440), st.integers(0, 6 * 1440)), max_size=3)


def made(
    begins: int, units: int, unit: str, pauses: list[tuple[int, int]]
) -> tuple[Clock, list[tuple[int, int]]]:
    """A clock suspended after each (minutes of running, minutes of standing still)."""
    clock, at, stood = start(units, unit, "city", 1, when(begins)), begins, []
    for ran, still in pauses:
        clock = clock.suspend(when(at + ran), "waiting").resume(when(at + ran + still))
        stood.append((at + ran, at + ran + still))
        at += ran + still
    return clock, stood


@given(starts, st.integers(1, 12), st.sampled_from(UNITS), pauses)
def test_a_clock_is_due_when_the_oracle_says(
    begins: int, units: int, unit: str, pauses: list[tuple[int, int]]
) -> None:
    clock, stood = made(begins, units, unit, pauses)
    found = deadline(clock, CITY)
    assert found is not None and found.at == when(oracle(begins, units, unit, stood))
    row, end = minutes_of(unit), oracle(begins, units, unit, stood)
    standing = sum(sum(row[began : min(ended, end)]) for began, ended in stood)
    assert found.suspended == standing * MINUTE


@given(starts, st.integers(1, 8), st.integers(1, 8), st.sampled_from(UNITS), pauses)
def test_an_extension_is_as_if_it_had_been_allowed_from_the_start(
    begins: int, units: int, more: int, unit: str, pauses: list[tuple[int, int]]
) -> None:
    clock, stood = made(begins, units, unit, pauses)
    found = deadline(clock.extend(more), CITY)
    assert found is not None and found.at == when(oracle(begins, units + more, unit, stood))
    assert (found.units, found.extra) == (units + more, more)


@given(starts, st.integers(1, 8), st.sampled_from(UNITS), pauses, st.integers(0, 30 * 1440))
def test_what_is_used_is_what_was_counted(
    begins: int, units: int, unit: str, pauses: list[tuple[int, int]], later: int
) -> None:
    clock, stood = made(begins, units, unit, pauses)
    row, now = minutes_of(unit), begins + later
    counted = sum(row[n] for n in range(begins, now) if not any(a <= n < b for a, b in stood))
    assert used(clock, CITY, when(now)) == counted * MINUTE


@given(starts, st.integers(1, 8), st.sampled_from(UNITS), pauses, st.sampled_from([50, 80, 100, 150]))
def test_shares_of_the_time_are_reached_one_after_the_other(
    begins: int, units: int, unit: str, pauses: list[tuple[int, int]], percent: int
) -> None:
    clock, _ = made(begins, units, unit, pauses)
    sooner, then, whole = (reached(clock, CITY, n) for n in (percent // 2, percent, 100))
    assert sooner and then and whole and sooner < then
    found = deadline(clock, CITY)
    assert found is not None and found.at == whole


@given(starts, st.integers(1, 100))
def test_the_hotlines_working_hours_are_all_hours(begins: int, units: int) -> None:
    clock = start(units, WORKING_HOURS, "hotline", 1, when(begins))
    found = deadline(clock, HOTLINE)
    assert found is not None and found.at == when(begins) + timedelta(hours=units)


# -- one by one -------------------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start_", "units", "unit", "suspended", "resumed", "expected"),
    [
        ("2026-11-24 09:00", 4, WORKING_HOURS, "2026-11-24 10:00", "2026-11-24 12:00", "11-24 16:30"),  # 2 h
        (
            "2026-11-24 09:00",
            4,
            WORKING_HOURS,
            "2026-11-24 12:00",
            "2026-11-24 13:30",
            "11-24 14:30",
        ),  # over lunch
        (
            "2026-11-27 16:30",
            2,
            WORKING_HOURS,
            "2026-11-27 17:30",
            "2026-11-30 08:30",
            "11-30 09:30",
        ),  # a weekend
        ("2026-11-24 09:00", 1, WORKING_DAYS, "2026-11-25 08:30", "2026-11-25 10:30", "11-26 10:30"),
        ("2026-11-24 09:00", 1, CALENDAR_DAYS, "2026-11-24 10:00", "2026-11-25 10:00", "11-27 00:00"),
        (
            "2026-11-24 09:00",
            1,
            URGENT_HOURS,
            "2026-11-24 11:00",
            "2026-11-25 10:00",
            "11-24 10:00",
        ),  # over before
        (
            "2025-12-31 10:00",
            4,
            WORKING_HOURS,
            "2025-12-31 11:00",
            "2025-12-31 15:00",
            "01-02 11:30",
        ),  # a half day
    ],
)
def test_suspending_subtracts_what_would_have_been_counted(
    start_: str, units: int, unit: str, suspended: str, resumed: str, expected: str
) -> None:
    clock = start(units, unit, "city", 1, at(start_)).suspend(at(suspended), "x").resume(at(resumed))
    found = deadline(clock, CITY)
    assert found is not None and local(found.at) == expected


def test_a_clock_that_stands_still_is_not_due_unless_it_was_due_before() -> None:
    clock = start(4, WORKING_HOURS, "city", 1, at("2026-11-24 09:00"))
    assert clock.suspend(at("2026-11-24 10:00"), "x").suspended
    assert deadline(clock.suspend(at("2026-11-24 10:00"), "x"), CITY) is None
    late = deadline(clock.suspend(at("2026-11-25 10:00"), "x"), CITY)
    assert late is not None and local(late.at) == "11-24 14:30"


def test_when_it_was_stopped_does_not_change_when_it_was_due_and_taking_it_back_wins_no_time() -> None:
    clock = start(4, WORKING_HOURS, "city", 1, at("2026-11-24 09:00"))
    stopped = clock.stop(at("2026-11-24 10:00"))
    assert deadline(stopped, CITY) == deadline(clock, CITY)
    assert stopped.restart() == clock
    assert used(stopped, CITY, at("2026-11-24 12:00")) == timedelta(hours=1)


def test_a_machine_whose_time_is_a_little_behind_breaks_nothing() -> None:
    clock = start(4, WORKING_HOURS, "city", 1, at("2026-11-24 09:00")).suspend(at("2026-11-24 08:59:59"), "x")
    assert [one.began for one in clock.intervals] == [at("2026-11-24 09:00")] * 2


def test_what_a_clock_cannot_do_is_refused() -> None:
    clock = start(4, WORKING_HOURS, "city", 1, at("2026-11-24 09:00"))
    still, over = clock.suspend(at("2026-11-24 10:00"), "x"), clock.stop(at("2026-11-24 10:00"))
    for wrong in (
        lambda: clock.resume(at("2026-11-24 11:00")),
        lambda: still.suspend(at("2026-11-24 11:00"), "y"),
        lambda: over.stop(at("2026-11-24 11:00")),
        lambda: over.suspend(at("2026-11-24 11:00"), "y"),
        lambda: over.resume(at("2026-11-24 11:00")),
        clock.restart,
        lambda: clock.extend(0),
    ):
        with pytest.raises(BadClock):
            wrong()


def test_a_half_day_works_whatever_its_weekday_and_cannot_be_off() -> None:
    sunday = date(2026, 3, 8)
    assert CITY.works(sunday) and CITY.spans_on(sunday) == (Span(810, 1050),)
    assert city_calendar("Asia/Shanghai").spans_on(sunday) == ()
    for wrong in (
        lambda: Calendar(SHANGHAI, HOURS, date.max, {sunday: "x"}, {}, {sunday: (Span(0, 1),)}),
        lambda: Calendar(SHANGHAI, HOURS, date.max, hours={sunday: ()}),
        lambda: Calendar(SHANGHAI, HOURS, date.max, week=frozenset({7})),
    ):
        with pytest.raises(BadCalendar):
            wrong()


def test_where_clocks_are_changed_an_hour_is_an_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    always = Calendar(berlin, (Span(0, 1440),), date.max, week=frozenset(range(7)))
    begins = datetime(2026, 3, 28, 12, tzinfo=berlin)
    for unit in (WORKING_HOURS, URGENT_HOURS):
        found = deadline(start(24, unit, "x", 1, begins), always)
        assert found is not None and found.at == datetime(2026, 3, 29, 13, tzinfo=berlin)
