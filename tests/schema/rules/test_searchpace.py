"""How far a search looks at once: all of the time is looked at, once and in order, and no more than helps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.searchpace import (
    AT_ONCE,
    BY_WEEKS,
    GROWS,
    GROWS_UNKNOWN,
    Pace,
    Stretch,
    after,
    is_over,
    stretch,
)
from schema.rules.searchweeks import MOST_KEYS, week_of, week_span

FROM = datetime(1999, 1, 1, tzinfo=UTC)
DECADES = timedelta(weeks=9_999)
SECONDS = st.integers(1, 30 * 365 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


@given(SECONDS, SECONDS, st.lists(SECONDS, min_size=1, max_size=5), st.integers(1, 40), st.booleans())
def test_stretches_cover_the_time_once_and_in_order(
    begins: timedelta, lasts: timedelta, steps: list[timedelta], keys: int, down: bool
) -> None:
    whole: Stretch = (FROM + begins, FROM + begins + lasts)
    rest, edge = whole, whole[1 if down else 0]
    for turn in range(150):
        step = (
            min(steps[turn % len(steps)], timedelta(weeks=9_999) / 2**turn) * 2**turn
            if turn < 30
            else DECADES
        )
        one = stretch(rest, step, keys, down=down)
        assert rest[0] <= one[0] < one[1] <= rest[1] and one[1 if down else 0] == edge
        first, last = week_of(one[0]), week_of(one[1])
        assert (last - first) * keys <= MOST_KEYS
        rest, edge = after(rest, one, down=down), one[0 if down else 1]
        if is_over(rest):
            break
    assert is_over(rest) and edge == whole[0 if down else 1]


@pytest.mark.parametrize("down", [True, False])
def test_long_stretches_end_with_a_week_and_short_ones_are_as_short_as_they_should_be(down: bool) -> None:
    whole: Stretch = (FROM + timedelta(days=400), FROM + timedelta(days=4_000))
    for step in (timedelta(hours=3), BY_WEEKS, timedelta(days=100)):
        one = stretch(whole, step, 2, down=down)
        at = one[0 if down else 1]
        if step < BY_WEEKS:
            assert one[1] - one[0] == step
        else:
            assert at == week_span(week_of(at), week_of(at))[0]
            assert step <= one[1] - one[0] <= step + timedelta(weeks=1)


def test_the_pace_goes_by_what_was_found() -> None:
    day = timedelta(days=1)
    assert Pace(50).step(day) == day * GROWS_UNKNOWN  # nothing has the words: far ahead
    looked = Pace(50, looked=2)
    assert looked.step(day) == day * GROWS  # something has, but is not wanted
    some = Pace(50, looked=40)
    some.took(25)
    assert some.left == 25 and some.step(day) == day * 1.3  # as much again, and some more
    common = Pace(50, looked=AT_ONCE // 2)
    assert common.step(day) == 2 * day  # common words few are wanted of: not too many at once
    nearly = Pace(51, looked=50)
    nearly.took(50)
    assert nearly.step(day) == day / 4


def test_a_batch_is_as_large_as_is_likely_to_do() -> None:
    assert Pace(51).batch == 51
    every = Pace(100, looked=50)
    every.took(50)
    assert every.batch >= every.left == 50
    few = Pace(51, looked=99)
    few.took(9)
    assert few.batch >= few.left * 10


def test_many_with_the_words_of_whom_few_pass_are_rather_gone_through_by_what_is_chosen() -> None:
    def rather(looked: int, passed: int, narrow: bool) -> bool:
        return Pace(50, looked=looked, passed=passed).rather_by_choice(1_000, narrow=narrow)

    assert rather(30, 0, narrow=True) and not rather(30, 0, narrow=False)  # 3 in 100 have the words
    assert rather(200, 3, narrow=False) and not rather(200, 100, narrow=False)
    assert not rather(30, 10, narrow=True)  # most that have the words pass
    assert not rather(3, 0, narrow=True)  # too few to tell
