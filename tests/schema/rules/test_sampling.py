"""Samples: the same seed draws the same of the same calls; every leg is drawn or has a reason."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.bookparts import BadBook
from schema.rules.sampling import (
    WHY_NOT,
    Leg,
    Rule,
    deal,
    draw,
    is_seed,
    place,
    read_rule,
    span_of,
    week_of,
)

AGENTS = [UUID(int=n) for n in range(1, 5)]
BOSS, OTHER = UUID(int=101), UUID(int=102)


def legs(count: int = 40, **changes: Any) -> list[Leg]:
    return [Leg(UUID(int=1000 + n), AGENTS[n % 4], 30.0 + n, **changes) for n in range(count)]


def test_the_same_seed_draws_the_same_in_any_order_and_another_seed_other_calls() -> None:
    mixed = legs()
    random.Random(7).shuffle(mixed)
    first, again = draw(Rule(each=3), "s1", legs()), draw(Rule(each=3), "s1", mixed)
    assert first.legs == again.legs and dict(first.told) == dict(again.told)
    assert {one.id for one in draw(Rule(each=3), "s2", legs()).legs} != {one.id for one in first.legs}
    assert [sum(leg.agent == agent for leg in first.legs) for agent in AGENTS] == [3, 3, 3, 3]
    # Known values: the draw is the same on every machine and in every version of the language.
    assert place("s1", UUID(int=1000))[:16] == "5ca8e78a43cf6618"


def test_calls_that_come_later_add_and_never_swap() -> None:
    rule = Rule(each=3)
    few = draw(rule, "s", legs(8))
    assert len(few.legs) == 8
    drawn = {leg.id for leg in few.legs}
    all = [replace(leg, taken=leg.id in drawn, counts=leg.id in drawn) for leg in legs(40)]
    more = draw(rule, "s", all)
    assert len(more.legs) == 4 and not {leg.id for leg in more.legs} & drawn
    assert more.whole() == {"all": 40, "drawn": 4, "taken": 8, "over": 28} | dict.fromkeys(
        ("short", "long", "rating", "queue", "purpose"), 0
    )


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(least=35), "short"), (Rule(most=35), "long"), (Rule(ratings=(4, 5)), "rating"),
        (Rule(queues=("night",)), "queue"), (Rule(purposes=("visit",)), "purpose"),
    ],
)  # fmt: skip
def test_a_leg_that_is_not_drawn_has_its_reason(rule: Rule, why: str) -> None:
    leg = Leg(UUID(int=1), AGENTS[0], 30 if why == "short" else 40, "hotline", "hotline", rating=2)
    assert rule.why_not(leg) == why and Rule().why_not(leg) == ""
    assert draw(rule, "s", [leg]).told[AGENTS[0]] == {"all": 1, "drawn": 0, why: 1}
    fits = replace(leg, seconds=35, rating=5, queue="night", purpose="visit")
    assert rule.why_not(fits) == "" and Rule().why_not(replace(leg, taken=True)) == "taken"
    assert Rule(ratings=(1,)).why_not(replace(leg, rating=None)) == "rating", "who gave none is not satisfied"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 600), st.booleans()), max_size=60), st.integers(1, 6)
)
def test_every_leg_is_accounted_for_and_nobody_gets_more_than_is_asked(rows: list[Any], each: int) -> None:
    all = [Leg(UUID(int=n), AGENTS[at], long, taken=taken) for n, (at, long, taken) in enumerate(rows)]
    found = draw(Rule(each=each, least=60, most=300), "s", all)
    whole = found.whole()
    assert whole["all"] == len(all) == whole["drawn"] + sum(whole[why] for why in WHY_NOT)
    for agent, counts in found.told.items():
        assert counts["drawn"] <= each and counts["drawn"] == sum(leg.agent == agent for leg in found.legs)


def test_calls_are_dealt_evenly_to_those_who_may_hear_them_and_nobody_hears_themselves() -> None:
    drawn = legs(12)
    all = {leg.id for leg in drawn}
    found = deal(drawn, {BOSS: all, OTHER: all}, {})
    assert sorted(found) == sorted(all)
    assert [list(found.values()).count(one) for one in (BOSS, OTHER)] == [6, 6]
    behind = deal(drawn, {BOSS: all, OTHER: all}, {BOSS: 4})
    assert list(behind.values()).count(OTHER) == 8
    own = deal(drawn, {AGENTS[0]: all}, {})
    assert len(own) == 9 and not any(leg.id in own for leg in drawn if leg.agent == AGENTS[0])
    secret = drawn[0].id
    assert secret not in deal(drawn, {BOSS: all - {secret}}, {}), "nobody who may hear it: left out"


def test_a_week_begins_on_monday_on_the_sites_clocks() -> None:
    assert week_of(date(2026, 11, 24)) == date(2026, 11, 23) == week_of(date(2026, 11, 29))
    begin, end = span_of(date(2026, 11, 23), ZoneInfo("Asia/Shanghai"))
    assert begin == datetime(2026, 11, 22, 16, tzinfo=UTC) and end - begin == timedelta(days=7)
    assert is_seed("a-1") and not is_seed("") and not is_seed("a b") and not is_seed("x" * 41)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"each": 0}, "each"), ({"each": True}, "each"), ({"least": -1}, "least"), ({"least": 90, "most": 60}, "most"),
        ({"ratings": [6]}, "ratings"), ({"ratings": "1"}, "ratings"), ({"queues": ["a b"]}, "queues"),
        ({"purposes": [1]}, "purposes"), ({"more": 1}, "more"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_one_says_where(change: dict[str, Any], field: str) -> None:
    rule = Rule(each=2, least=30, ratings=(4, 5), queues=("night",))
    assert read_rule(rule.body()) == rule
    with pytest.raises(BadBook) as told:
        read_rule(rule.body() | change)
    assert list(told.value.faults) == [field]
