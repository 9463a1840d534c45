"""Weeks: every moment is in one, and a search looks at each once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.searchweeks import MOST_KEYS, code, dated, fts5, spans, tsqueries, week_of, week_span
from schema.rules.searchwords import read_query

FROM = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 200 * 365 * 86_400).map(lambda seconds: FROM + timedelta(seconds=seconds))


@given(MOMENTS)
def test_a_moment_lies_in_its_week(at: datetime) -> None:
    begins, ends = week_span(week_of(at), week_of(at))
    assert begins <= at < ends


@given(MOMENTS, MOMENTS)
def test_codes_are_three_characters_and_a_week_has_one_of_its_own(one: datetime, two: datetime) -> None:
    assert len(code(week_of(one))) == 3
    assert (code(week_of(one)) == code(week_of(two))) == (week_of(one) == week_of(two))


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 40), st.booleans())
def test_spans_cover_every_week_once_in_order(one: int, two: int, keys: int, newest_first: bool) -> None:
    oldest, newest = sorted((one, two))
    found = list(spans(newest, oldest, keys, newest_first=newest_first))
    weeks = [
        week for first, last in (found[::-1] if newest_first else found) for week in range(first, last + 1)
    ]
    assert weeks == list(range(oldest, newest + 1))
    assert all((last - first + 1) * keys <= MOST_KEYS for first, last in found)
    assert found[0][0] == found[0][1]


def test_a_question_is_about_its_weeks() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    week = week_of(at)
    assert (code(week), code(week + 1)) == ("12z", "130")
    assert dated(["路灯", "a_b"], at) == "12z路灯 12za_b"
    asked = read_query('灯 "street light" -路灯坏')
    assert asked is not None
    assert tsqueries(asked, week, week) == ["('12z灯':* & '12zstreet_light' & !('12z路灯' & '12z灯坏'))"]
    assert fts5(asked, week, week) == '(("12z灯" * AND "12zstreet_light") NOT (("12z路灯" AND "12z灯坏")))'
    assert len(tsqueries(asked, week, week + 1)) == 2 and " OR " in fts5(asked, week, week + 1)
    assert week_span(week, week) == (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    assert week_of(at - timedelta(weeks=2000)) == 0
