"""Campaigns: why a case is left out, a share that can be drawn again, dealing evenly and by language, bounds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.ids import uuid7
from schema.rules.campaigns import (
    BY_SKILL,
    EVENLY,
    LEFT_OUT,
    Candidate,
    Limits,
    Pick,
    deal,
    drawn,
    faults,
    left_out,
    may_begin,
)

DAY = date(2026, 11, 1)
LANGUAGES = st.sampled_from(["zh", "ug", "en"])


def test_a_case_is_left_out_for_the_first_reason_that_holds() -> None:
    marks = {
        "blocked": True,
        "wrong": True,
        "dialable": False,
        "visited": True,
        "rated": True,
        "confidential": True,
    }
    found = [left_out(Candidate(uuid7(), True), "s", 100)]
    so_far: dict[str, bool] = {"dialable": True}
    for name, value in marks.items():
        so_far[name] = value
        found.append(left_out(Candidate(uuid7(), **so_far), "s", 100))
    assert found == ["", *reversed(LEFT_OUT[:-1])]
    assert {left_out(Candidate(uuid7(), True), "s", 1) for _ in range(300)} >= {"not-drawn"}


def test_a_share_is_drawn_by_the_seed_again_and_is_about_as_large() -> None:
    ids = [uuid7() for _ in range(4000)]
    for share in (1, 30, 100):
        one = [drawn("seed", id, share) for id in ids]
        assert one == [drawn("seed", id, share) for id in ids]
        assert abs(sum(one) / len(ids) - share / 100) < 0.04
    assert [drawn("a", id, 50) for id in ids] != [drawn("b", id, 50) for id in ids]
    assert all(drawn("x", id, 10) <= drawn("x", id, 40) for id in ids), (
        "a larger share has the smaller one in it"
    )


@given(
    st.lists(LANGUAGES, max_size=60),
    st.dictionaries(st.integers(0, 9), st.frozensets(LANGUAGES), max_size=6),
    st.sampled_from([EVENLY, BY_SKILL]),
)
def test_cases_are_dealt_evenly_or_to_who_speaks_their_language(
    languages: list[str], agents: dict[int, frozenset[str]], way: str
) -> None:
    given = deal(languages, agents, way)
    assert len(given) == len(languages)
    for language, who in zip(languages, given, strict=True):
        able = {one for one, speaks in agents.items() if way == EVENLY or not speaks or language in speaks}
        assert who in able if able else who is None
    counts = [given.count(one) for one in agents]
    if way == EVENLY and agents:
        assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize(
    ("pick", "limits", "way", "field"),
    [({"last": DAY - timedelta(days=1)}, {}, EVENLY, "last"), ({"last": DAY + timedelta(days=367)}, {}, EVENLY, "last"),
     ({"class_": "moon"}, {}, EVENLY, "class_"), ({"late": "soon"}, {}, EVENLY, "late"),
     ({"share": 0}, {}, EVENLY, "share"),
     ({"share": 101}, {}, EVENLY, "share"), ({}, {}, "post", "way"), ({}, {"at_once": 21}, "auto", "at_once"),
     ({}, {"per_minute": 0}, "auto", "per_minute")],
)  # fmt: skip
def test_a_campaign_that_cannot_be_is_refused_by_its_field(
    pick: dict[str, object], limits: dict[str, int], way: str, field: str
) -> None:
    asked = {"first": DAY, "last": DAY, **pick}
    assert list(faults(Pick(**asked), Limits(**limits), way)) == [field]  # type: ignore[arg-type]
    assert faults(Pick(DAY, DAY), Limits(), EVENLY) == {}


@given(st.integers(1, 20), st.integers(1, 60), st.integers(0, 30), st.integers(0, 90))
def test_automatic_calls_keep_both_bounds(at_once: int, per_minute: int, running: int, lately: int) -> None:
    more = may_begin(Limits(at_once, per_minute), running, lately)
    assert more >= 0
    assert not more or (running + more <= at_once and lately + more <= per_minute)
    assert more or running >= at_once or lately >= per_minute
