"""Duplicates: a score that is mutual, between 0 and 1, grows with evidence, survives every text and says why."""

import math
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.ids import uuid7
from schema.rules.duplicates import (
    HIGHEST,
    LOWEST,
    REACH,
    STALE,
    THRESHOLD,
    WEIGHTS,
    Apart,
    Request,
    Weights,
    ceiling,
    nearness,
    score,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LAMP = Request(title="路灯不亮", text="门口路灯三天没有亮了。", at=NOW, cell="330106001001001", address="文三路12号",
               phone="13900000001", class_="social", kind="complaint")  # fmt: skip
CONTACTS = (uuid7(), uuid7())
ANY = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    [
        "路灯不亮",
        "يول چىرىغى يانمايدۇ",
        "street lamp",
        "文三路12号",
        "+86 139 0000 0001",
        "\u202e",
        "𠀀👍",
        "ﷺ" * 9,
    ]
)
REQUESTS = st.builds(
    Request, title=ANY, text=ANY, address=ANY, phone=ANY,
    cell=st.sampled_from(["", "330106001001001", "330106001001002"]),
    at=st.integers(0, 100).map(lambda days: NOW - timedelta(days=days)), kind=st.sampled_from(["", "complaint"]),
    contact=st.sampled_from([None, *CONTACTS]), category=st.sampled_from(["", "a", "b"]),
)  # fmt: skip
APART = st.builds(Apart, st.none() | st.floats(0, 1e7), st.booleans())


@given(REQUESTS, REQUESTS, APART)
def test_a_score_is_mutual_whole_and_the_sum_of_its_parts(one: Request, two: Request, apart: Apart) -> None:
    there, back = score(one, two, apart), score(two, one, apart)
    assert there.value == back.value and 0 <= there.value <= 1
    assert [(part.name, part.share) for part in there.parts] == [
        (part.name, part.share) for part in back.parts
    ]
    assert there.value == pytest.approx(math.fsum(part.share for part in there.parts))
    assert there.value <= ceiling(one, two, apart) + 1e-12
    for part in there.parts:
        assert 0 < part.share <= getattr(WEIGHTS, part.name) + 1e-12 and part.why


@given(REQUESTS, REQUESTS, APART, st.floats(0, 1e6))
def test_more_evidence_never_lowers_it(one: Request, two: Request, apart: Apart, metres: float) -> None:
    before = score(one, two, apart).value - 1e-12
    known = Apart(None, apart.near)
    assert score(one, replace(two, phone=one.phone), apart).value >= before
    assert score(one, replace(two, contact=one.contact), apart).value >= before
    assert score(one, replace(two, class_=one.class_, kind=one.kind), apart).value >= before
    assert score(one, replace(two, at=one.at), apart).value >= before
    said = replace(two, title=one.title, text=one.text, address=one.address)
    assert score(one, said, apart).value >= before
    assert score(one, replace(two, cell=one.cell), known).value >= score(one, two, known).value - 1e-12
    if apart.metres is not None:
        assert score(one, two, Apart(min(apart.metres, metres))).value >= before
    assert score(replace(one, category="a"), replace(two, category="a"), apart).value >= before


def test_the_same_said_twice_is_nearly_1_and_nothing_known_is_0() -> None:
    same = replace(LAMP, contact=CONTACTS[0])
    assert score(same, same, Apart(0)).value == pytest.approx(1)
    empty = Request(title="", text="", at=NOW)
    assert score(empty, replace(empty, at=NOW - timedelta(days=STALE))).value == 0


def test_another_caller_in_another_language_means_the_same_lamp() -> None:
    other = Request(title="Street light out", text="It has been dark for three nights.", at=NOW + timedelta(hours=9),
                    phone="13700000009", address="12 Wensan Road", cell=LAMP.cell)  # fmt: skip
    found = score(LAMP, other, Apart(17.4))
    assert found.value > THRESHOLD
    assert [(part.name, part.why, dict(part.values)) for part in found.parts[:3]] == [
        ("place", "metres", {"metres": 17}), ("matter", "matter", {"matter": "lamp"}), ("time", "today", {}),
    ]  # fmt: skip
    assert score(LAMP, other).value > THRESHOLD, "the house number stands for the point"
    assert score(LAMP, other).parts[0].values == {"number": "12"}


@pytest.mark.parametrize(
    ("change", "metres"),
    [
        ({"title": "垃圾没人清", "text": "垃圾桶满了三天没有人来清运。"}, 5.0),
        ({"address": "文三路60号"}, 480.0),
        ({"title": "家里停水了", "text": "从早上开始停水。", "address": "和平街1号"}, 2400.0),
    ],
)
def test_one_callers_other_matter_or_other_place_is_another_request(
    change: dict[str, str], metres: float
) -> None:
    assert score(LAMP, replace(LAMP, **change), Apart(metres)).value < THRESHOLD


@pytest.mark.parametrize("number", ["+86 139 0000 0001", "008613900000001", "١٣٩٠٠٠٠٠٠٠١", "139-0000-0001"])
def test_a_number_is_the_same_however_it_is_written(number: str) -> None:
    assert any(part.name == "phone" for part in score(LAMP, replace(LAMP, phone=number)).parts)


@pytest.mark.parametrize("number", ["", "anonymous", "110"])
def test_a_withheld_number_is_nobodys(number: str) -> None:
    one = replace(LAMP, phone=number)
    assert all(part.name != "phone" for part in score(one, one).parts)


def test_categories_of_events_go_before_words() -> None:
    water = replace(LAMP, title="家里停水了", text="从早上开始停水。")
    assert score(replace(LAMP, category="a"), replace(water, category="a"), Apart(5)).value > THRESHOLD
    assert (
        score(replace(LAMP, category="a"), replace(LAMP, category="b", phone=""), Apart(5)).value < THRESHOLD
    )


def test_nearness_falls_from_the_same_place_to_the_end_of_reach() -> None:
    assert nearness(0) == nearness(30) == 1 and nearness(REACH) == nearness(1e7) == 0
    steps = [nearness(metres) for metres in range(0, 500, 7)]
    assert steps == sorted(steps, reverse=True)


def test_weights_are_1_together_and_the_threshold_makes_sense() -> None:
    assert LOWEST < THRESHOLD < HIGHEST
    for wrong in ({"place": 0.5}, {"place": -0.1, "text": 0.5}):
        with pytest.raises(ValueError, match="are 1 together"):
            Weights(**wrong)


def test_a_megabyte_in_every_field_takes_a_moment() -> None:
    begun = time.process_time()
    for piece in ("路灯", "\ufdfa", "a\u0301 ", "\u202e👍", "12 "):
        huge = piece * (1_000_000 // len(piece))
        one = Request(title=huge, text=huge, at=NOW, address=huge, phone=huge)
        assert score(one, LAMP).value <= score(one, one).value <= 1
    assert time.process_time() - begun < 5
