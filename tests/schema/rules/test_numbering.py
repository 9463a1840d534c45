"""Case numbers: written by the city's template and read back, and nothing else is one."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schema.rules.numbering import LONGEST, LONGEST_KEY, PREFIXES, BadTemplate, Numbering

DAY = date(2026, 11, 24)
USUAL = Numbering()
PLAIN = st.text("AZ09-/._", max_size=3)
CLASSES = st.sampled_from(sorted(PREFIXES))
DAYS = st.dates(date(2000, 1, 1), date(2068, 12, 31))
CODES = st.tuples(*[st.text("ABYZ", min_size=1, max_size=3)] * 2).filter(lambda two: two[0] != two[1])


@st.composite
def numberings(draw: st.DrawFn) -> Numbering:
    """Any template that is taken."""
    some = ["{class}", draw(st.sampled_from(["{date}", "{day}"])), *draw(st.sampled_from([[], ["{area}"]]))]
    text = "".join(f"{draw(PLAIN)}{part}" for part in draw(st.permutations(some)))
    text += draw(PLAIN) + draw(st.sampled_from(["{n}", "{n:3}", "{n:6}"]))
    codes = dict(zip(PREFIXES, draw(CODES), strict=True))
    try:
        return Numbering(text, codes, draw(st.sampled_from(["", "3301", "330106"])))
    except BadTemplate:
        assume(False)
        raise


def test_a_number_names_class_day_and_count() -> None:
    assert USUAL.number("government", DAY, 1) == "ZW-20261124-0001"
    assert USUAL.number("social", DAY, 123) == "SH-20261124-0123"
    assert (USUAL.key("social", DAY), USUAL.counter("social", DAY)) == ("SH-20261124-", "SH-20261124")
    city = Numbering("{area}/{class}{day}.{n:5}", {"government": "Z", "social": "S"}, "3301")
    assert city.number("social", DAY, 42) == "3301/S261124.00042"
    assert city.read("3301/S261124.00042") == ("social", DAY, 42)


def test_a_very_busy_day_goes_on_counting() -> None:
    assert USUAL.number("social", DAY, 10_000) == "SH-20261124-10000"


@given(numberings(), CLASSES, DAYS, st.integers(1, 10**7 - 1))
def test_what_is_written_is_read_back(by: Numbering, class_: str, day: date, count: int) -> None:
    text = by.number(class_, day, count)
    assert len(text) <= LONGEST and len(by.key(class_, day)) <= LONGEST_KEY
    assert by.read(text) == (class_, day, count)
    typed = "".join(one for one in text if one.isdigit())
    assert text in by.typed(typed) and by.typed(typed[:5]) == []
    assert by.read_key(by.key(class_, day)) == (class_, day)


@given(
    numberings(),
    st.lists(st.tuples(CLASSES, DAYS, st.integers(1, 20_000)), min_size=2, max_size=2, unique=True),
)
def test_two_cases_never_have_one_number(by: Numbering, cases: list[Any]) -> None:
    one, other = cases
    assert by.number(*one) != by.number(*other)


def test_a_day_is_read_without_the_sign_at_its_end() -> None:
    for text in ("SH-20261124", "SH-20261124-"):
        assert USUAL.read_key(text) == ("social", DAY)
    with pytest.raises(ValueError, match="not a case number"):
        USUAL.read_key("SH-20261324")


@pytest.mark.parametrize(
    "text", ["", "ZW-20261124-001", "XX-20261124-0001", "ZW-20261324-0001", "zw-20261124-0001", "ZW-20261124-0001\n",
             "ZW-２０２６１１２４-0001", "ZW-20261124-0001 OR 1=1", "ZW-20261124-0000", "ZW-20261124-00001"]
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        USUAL.read(text)


def test_unknown_classes_and_counts_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="class"):
        USUAL.key("military", DAY)
    with pytest.raises(ValueError, match="from 1"):
        USUAL.number("social", DAY, 0)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("", "once"),
        ("{date}-{n}", "{class} once"),
        ("{class}-{n}", "{date} or {day}"),
        ("{class}-{date}", "{n} once"),
        ("{class}{date}{day}{n}", "once"),
        ("{class}-{class}{date}{n}", "once"),
        ("{class}{date}{n}-", "at the end"),
        ("{class}{date}{n}{area}", "at the end"),
        ("{area}{area}{class}{date}{n}", "at most once"),
        ("{class:2}{date}{n}", "digits"),
        ("{class}{date}{n:9}", "no part"),
        ("{class} {date}{n}", "no part"),
        ("{class}{date}{n!r}", "no part"),
        ("{class.__class__}{date}{n}", "no part"),
        ("{class}X{date}{n}", "stands between"),
        ("CITY-OF-LIGHTS-{class}-{date}-{n}", "characters"),
    ],
)
def test_a_template_that_gives_no_numbers_is_refused_and_says_why(template: str, why: str) -> None:
    with pytest.raises(BadTemplate, match=why.replace("{", r"\{")):
        Numbering(template)


@pytest.mark.parametrize(
    "more", [{"codes": {"government": "ZW"}}, {"codes": {"government": "ZW", "social": "ZW"}},
             {"codes": {"government": "zw", "social": "SH"}}, {"codes": {"government": "TOOLONG", "social": "SH"}},
             {"area": "33x"}, {"area": "1" * 13}]
)  # fmt: skip
def test_codes_and_areas_that_are_none_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadTemplate):
        Numbering(**more)
