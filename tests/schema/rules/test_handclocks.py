"""Whatever a handset's clock says, the time is right as far as anything can tell, and said to be corrected."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.handclocks import Made, Told, made_at

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MS = 60 * 60 * 1000


def test_a_clock_that_is_right_is_believed_as_it_is() -> None:
    told = Told(NOW - HOUR, "a", 0, NOW - MINUTE, "a", MS)
    assert made_at(told, NOW) == Made(NOW - HOUR)
    assert made_at(Told(NOW - 9 * HOUR), NOW) == Made(NOW - 9 * HOUR)


@pytest.mark.parametrize("off", [timedelta(days=-20_000), -3 * MINUTE, 3 * MINUTE, timedelta(days=300)])
def test_within_one_start_the_monotonic_clock_tells(off: timedelta) -> None:
    told = Told(NOW - HOUR + off, "a", 500, NOW + off, "a", 500 + MS)
    assert made_at(told, NOW) == Made(NOW - HOUR, NOW - HOUR + off, "clock")


def test_a_wall_clock_set_right_in_between_misleads_nobody() -> None:
    told = Told(datetime(1970, 1, 1, 1, tzinfo=UTC), "a", 0, NOW, "a", MS)
    assert made_at(told, NOW) == Made(NOW - HOUR, datetime(1970, 1, 1, 1, tzinfo=UTC), "clock")


@pytest.mark.parametrize("off", [-HOUR, HOUR])
def test_over_a_restart_it_is_as_far_off_as_the_wall_clock_is_now(off: timedelta) -> None:
    told = Told(NOW - 5 * HOUR + off, "a", 0, NOW + off, "b", 100)
    assert made_at(told, NOW) == Made(NOW - 5 * HOUR, NOW - 5 * HOUR + off, "clock")


def test_nothing_is_made_after_it_came() -> None:
    told = Told(NOW + 3 * HOUR, "a", 0, NOW + HOUR, "b", 100)
    assert made_at(told, NOW) == Made(NOW, NOW + 3 * HOUR, "clock")


def test_ahead_with_nothing_that_tells_by_how_much_is_flagged() -> None:
    assert made_at(Told(NOW + HOUR), NOW) == Made(NOW + HOUR, None, "future")
    assert made_at(Told(NOW + MINUTE), NOW) == Made(NOW + MINUTE)


def test_a_monotonic_clock_that_runs_backwards_tells_nothing() -> None:
    assert made_at(Told(NOW - HOUR, "a", 99, NOW, "a", 5), NOW) == Made(NOW - HOUR)


TIMES = st.datetimes(timezones=st.just(UTC))
MONO = st.none() | st.integers(0, 2**53)


@given(TIMES, st.sampled_from(["", "a", "b"]), MONO, st.none() | TIMES, st.sampled_from(["", "a", "b"]), MONO)
def test_whatever_is_told_a_time_comes_of_it(
    made: datetime, boot: str, mono: int | None, sent: datetime | None, now_boot: str, now_mono: int | None
) -> None:
    found = made_at(Told(made, boot, mono, sent, now_boot, now_mono), NOW)
    assert (found.told == made and found.at <= NOW) if found.flag == "clock" else found.at == made
