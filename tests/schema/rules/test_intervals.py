from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.intervals import EVERY, TooMany, bounds, midnight, split, steps

SHANGHAI, BERLIN, BEIRUT = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Beirut")
ZONES = st.sampled_from(
    [SHANGHAI, BERLIN, BEIRUT, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")]
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 1))


def test_a_day_begins_at_the_sites_midnight() -> None:
    edges = bounds(date(2026, 3, 4), date(2026, 3, 4), "whole", SHANGHAI)
    assert edges == (datetime(2026, 3, 3, 16, tzinfo=UTC), datetime(2026, 3, 4, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(day: date, hours: int) -> None:
    edges = bounds(day, day, "hour", BERLIN)
    assert len(edges) - 1 == hours
    assert edges[-1] - edges[0] == timedelta(hours=hours)
    assert len(bounds(day, day, "15min", BERLIN)) - 1 == 4 * hours


def test_where_there_is_no_midnight_the_day_begins_when_the_clocks_jump() -> None:
    begins = midnight(date(2026, 3, 29), BEIRUT)
    assert begins.astimezone(BEIRUT).isoformat() == "2026-03-29T01:00:00+03:00"
    assert (begins - timedelta(seconds=1)).astimezone(BEIRUT).date() == date(2026, 3, 28)


def test_months_begin_on_their_first_day_and_the_ends_may_be_parts() -> None:
    edges = bounds(date(2026, 1, 15), date(2026, 3, 2), "month", SHANGHAI)
    days = [edge.astimezone(SHANGHAI).date() for edge in edges]
    assert days == [date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 3)]


def test_a_month_of_quarter_hours_is_allowed_and_two_are_not() -> None:
    assert len(bounds(date(2026, 10, 1), date(2026, 10, 31), "15min", BERLIN)) - 1 == (31 * 24 + 1) * 4
    with pytest.raises(TooMany):
        bounds(date(2026, 10, 1), date(2026, 11, 30), "15min", BERLIN)


@pytest.mark.parametrize("every", ["week", "", "Day"])
def test_there_are_no_other_intervals(every: str) -> None:
    with pytest.raises(ValueError, match="no interval"):
        bounds(date(2026, 1, 1), date(2026, 1, 1), every, SHANGHAI)


def test_the_last_day_is_not_before_the_first() -> None:
    with pytest.raises(ValueError, match="before"):
        bounds(date(2026, 1, 2), date(2026, 1, 1), "day", SHANGHAI)


@given(DAYS, st.integers(0, 20), st.sampled_from(EVERY), ZONES)
def test_intervals_follow_each_other_from_midnight_to_midnight(
    first: date, more: int, every: str, zone: ZoneInfo
) -> None:
    last = first + timedelta(days=more)
    edges = bounds(first, last, every, zone)
    assert edges[0] == midnight(first, zone)
    assert edges[-1] == midnight(last + timedelta(days=1), zone)
    assert all(begins < ends for begins, ends in pairwise(edges))
    if every not in ("whole", "month"):
        assert {midnight(first + timedelta(days=n), zone) for n in range(more + 1)} <= set(edges), (
            "cut at midnights"
        )


@given(DAYS, st.integers(0, 5), st.sampled_from(EVERY), ZONES, st.floats(-10, 200), st.floats(0, 300))
def test_the_parts_of_a_stretch_are_what_of_it_lies_within(
    first: date, more: int, every: str, zone: ZoneInfo, after: float, hours: float
) -> None:
    edges = bounds(first, first + timedelta(days=more), every, zone)
    begins = edges[0] + timedelta(hours=after)
    ends = begins + timedelta(hours=hours)
    parts = list(split(begins, ends, edges))
    inside = max(timedelta(), min(ends, edges[-1]) - max(begins, edges[0]))
    assert sum(seconds for _, seconds in parts) == pytest.approx(inside.total_seconds())
    assert all(0 < seconds <= (edges[i + 1] - edges[i]).total_seconds() for i, seconds in parts)
    assert [i for i, _ in parts] == sorted({i for i, _ in parts}), "each interval once, in order"


@given(DAYS, st.integers(0, 900), st.sampled_from(["whole", "day", "month"]), ZONES)
def test_pieces_of_a_long_time_are_short_and_make_up_the_whole(
    first: date, more: int, every: str, zone: ZoneInfo
) -> None:
    edges = bounds(first, first + timedelta(days=more), every, zone)
    lasted = [timedelta()] * (len(edges) - 1)
    at = edges[0]
    for part, of in steps(edges):
        assert part[0] == at and len(of) == len(part) - 1
        assert part[-1] - part[0] <= timedelta(days=31)
        for (begins, ends), i in zip(pairwise(part), of, strict=True):
            assert edges[i] <= begins < ends <= edges[i + 1]
            lasted[i] += ends - begins
        at = part[-1]
    assert at == edges[-1]
    assert lasted == [ends - begins for begins, ends in pairwise(edges)]
