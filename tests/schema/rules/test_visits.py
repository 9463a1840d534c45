"""Return visits: which cases are called, never at night, and what a try leads to."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.calendar import Calendar, Span
from schema.rules.outcomes import OUTCOMES
from schema.rules.visits import (
    AGAIN,
    DECLINED,
    EARLIEST,
    LATEST,
    NOT_REACHED,
    RANGES,
    RESULTS,
    After,
    Closed,
    Figures,
    VisitRules,
    after,
    dealt,
    is_due,
    may_call,
    next_time,
    read_visits,
    result_of,
    share,
)

DRAWING = Path(__file__).parents[3] / "docs" / "state-machines" / "visit.dot"
RULES, ZONE = VisitRules(), ZoneInfo("Asia/Shanghai")
CITY = Calendar(ZONE, (Span(0, 1440),), date.max)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning there
DUE = Closed("closed", "13900000002", NOW - timedelta(hours=24), "government", "0203")


def test_the_usual_book_is_what_the_rules_say_without_one() -> None:
    assert read_visits(default_body("visits")) == RULES
    assert read_visits(RULES.body()) == RULES


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, True),
        ({"closed_at": NOW - timedelta(hours=24) + timedelta(microseconds=1)}, False),
        ({"closed_at": NOW - timedelta(days=30)}, True),
        ({"closed_at": NOW - timedelta(days=30, microseconds=1)}, False),
        ({"closed_at": None}, False),
        ({"state": "rated"}, False),
        ({"state": "filed"}, False),
        ({"rating": 1}, False),
        ({"number": ""}, False),
        ({"number": "anonymous"}, False),
        ({"number": "+8613900000002"}, True),
    ],
)
def test_a_case_is_due_when_it_is_closed_long_enough_can_be_called_and_was_not_rated(
    change: dict[str, object], due: bool
) -> None:
    assert is_due(RULES, replace(DUE, **change), NOW) is due


def test_a_site_can_visit_only_some_classes_and_categories() -> None:
    for rules, due in [
        (replace(RULES, classes=("social",)), False),
        (replace(RULES, classes=("government", "social")), True),
        (replace(RULES, categories=("02",)), True),
        (replace(RULES, categories=("0201", "03")), False),
    ]:
        assert is_due(rules, DUE, NOW) is due


@given(
    st.integers(0, 365 * 86400).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    st.integers(EARLIEST, LATEST - 1),
    st.integers(1, LATEST),
)
def test_nobody_is_called_at_night(moment: datetime, opens: int, longer: int) -> None:
    rules = replace(RULES, opens=opens, closes=min(opens + longer, LATEST))
    at = next_time(rules, moment, CITY)
    hour = at.astimezone(ZONE).hour
    assert moment <= at < moment + timedelta(days=1) and opens <= hour < rules.closes and 8 <= hour < 21
    assert may_call(rules, moment, CITY) is (at == moment)


def test_a_try_in_vain_is_followed_by_others_and_the_last_one_ends_it() -> None:
    assert after(RULES, "busy", 1, NOW, CITY) == After("", NOW + timedelta(minutes=30))
    assert after(RULES, "no-answer", 2, NOW, CITY) == After("", NOW + timedelta(hours=3))
    evening = NOW + timedelta(hours=9, minutes=45)
    assert after(RULES, "busy", 1, evening, CITY) == After("", datetime(2026, 11, 25, 9, tzinfo=ZONE))
    assert after(RULES, "failed", 1, NOW, CITY) == After("", NOW + timedelta(hours=1))
    assert after(RULES, "refused", 1, NOW, CITY) == After("", NOW + timedelta(days=1))
    for result in AGAIN:
        assert after(RULES, result, 3, NOW, CITY) == After(NOT_REACHED)
    for result in set(RESULTS) - set(AGAIN):
        assert after(RULES, result, 1, NOW, CITY) == After(result)
    with pytest.raises(ValueError):
        after(RULES, "asleep", 1, NOW, CITY)


def test_the_drawing_shows_what_a_try_can_lead_to() -> None:
    edges = re.findall(r'open -> "?([a-z-]+)"? \[label="([a-z-]+)"\]', DRAWING.read_text("utf-8"))
    led = {
        (after(RULES, result, tries, NOW, CITY).ended or "open", result)
        for result in RESULTS
        for tries in (1, 3)
    }
    assert set(edges) == led and len(edges) == len(led)


@given(st.integers(0, 500), st.integers(1, 60))
def test_cases_are_dealt_evenly(cases: int, agents: int) -> None:
    found = dealt(cases, agents)
    assert sum(found) == cases and len(found) == agents and max(found) - min(found) <= 1


@pytest.mark.parametrize(
    ("field", "value"),
    [*((name, most + 1) for name, (_, most) in RANGES.items()), ("tries", True), ("tries", "3"), ("opens", 7),
     ("closes", 9), ("classes", ["moon"]), ("classes", "social"), ("categories", ["2"]), ("categories", [2]),
     ("night", 1), ("week", [""] * 6), ("week", ["7:00-9:00", *[""] * 6]), ("week", ["09:00-08:30", *[""] * 6]),
     ("week", [1] * 7), ("holidays", 1)],
)  # fmt: skip
def test_a_book_that_cannot_be_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(BadBook) as bad:
        read_visits(RULES.body() | {field: value})
    assert list(bad.value.faults) == [field]


def test_shares_of_nothing_are_none_and_ended_visits_add_up() -> None:
    assert (share(0, 0), share(1, 3), share(2, 2)) == (None, 33, 100)
    assert (
        Figures(given=9, reached=1, not_reached=2, wrong_number=1, declined=1, open=3, overtaken=1).ended == 5
    )


def test_a_book_of_before_single_days_had_hours_is_read_as_it_was_meant() -> None:
    old = {name: value for name, value in RULES.body().items() if name not in ("week", "holidays")}
    del old["refused_minutes"], old["failed_minutes"]
    assert read_visits(old) == RULES


def test_the_call_s_own_end_says_what_the_try_came_to() -> None:
    assert {result_of(one) for one in OUTCOMES} == set(RESULTS) - {DECLINED}
