"""Event categories: a tree of codes; what one does not say, the one above it says."""

from typing import Any

import pytest

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.calendar import URGENT_HOURS, WORKING_DAYS
from schema.rules.categories import Categories, read_categories
from schema.rules.limits import Limit, Policy


def row(code: str, zh: str = "路灯", **more: Any) -> dict[str, Any]:
    return {"code": code, "names": {"zh": zh}} | more


STREETS = read_categories(
    {
        "rows": [
            row("02", "道路", **{"class": "social"}, kind="service", limit=[3, WORKING_DAYS], department="roads"),
            row("0203", names={"zh": "路灯", "en": "Lights"}),
            row("020302", "黑灯"),
            row("020301", "坏灯杆", limit=[4, URGENT_HOURS], kind="complaint"),
            row("0201", "路面", open=False),
            row("020101", "坑"),
            row("01", "市容"),
        ]
    }
)  # fmt: skip


def test_what_a_category_does_not_say_the_one_above_says() -> None:
    assert STREETS.policy("020302") == Policy(Limit(3, WORKING_DAYS), "category 02")
    assert STREETS.policy("020301") == Policy(Limit(4, URGENT_HOURS), "category 020301")
    assert STREETS.policy("01") is None and STREETS.policy("77") is None
    assert [STREETS.said("020301", what) for what in ("class_", "kind", "department")] == [
        "social",
        "complaint",
        "roads",
    ]
    assert STREETS.said("01", "kind") == "" == STREETS.said("99", "kind")


def test_only_open_ones_with_none_below_take_cases_and_in_the_city_s_order() -> None:
    assert [found.code for found in STREETS.leaves()] == ["020302", "020301", "01"]
    assert [code for code in ("02", "0203", "0201", "020101", "9999", "") if STREETS.takes(code)] == []


def test_names_are_said_with_those_above_them_and_fall_back_to_chinese() -> None:
    assert STREETS.name("0203", "en") == "道路 / Lights"
    assert STREETS.name("0203", "ug") == "道路 / 路灯"
    assert STREETS.name("8888", "zh") == "8888"


def test_a_book_written_out_reads_back_the_same() -> None:
    again = read_categories({"rows": [found.body() for found in STREETS.rows]})
    assert again == STREETS and isinstance(again, Categories)


@pytest.mark.parametrize(
    ("rows", "where", "said"),
    [
        ([row("2")], "row 1.code", "2, 4 or 6 digits"),
        ([row("02030405")], "row 1.code", "2, 4 or 6 digits"),
        ([row("०२")], "row 1.code", "2, 4 or 6 digits"),
        ([row("0201")], "0201.code", "02 has to come before it"),
        ([row("02"), row("02")], "02.code", "there already"),
        ([row("02", "")], "02.names", "in Chinese"),
        ([row("02", "长" * 61)], "02.names", "at most 60"),
        ([row("02", "一\n二")], "02.names", "one line"),
        ([row("02", names={"zh": "x", "fr": "y"})], "02.names", "languages"),
        ([row("02", names="路灯")], "02.names", "in Chinese"),
        ([row("02", **{"class": "martial"})], "02.class", "the class is one of"),
        ([row("02", kind="joke")], "02.kind", "the kind is one of"),
        ([row("02", department="a b")], "02.department", "no code"),
        ([row("02", open="no")], "02.open", "yes or no"),
        ([row("02", limit=[1, "weeks"])], "02.limit", "the unit is one of"),
        (["02"], "row 1", "no category"),
        ("02", "rows", "a list"),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what(rows: Any, where: str, said: str) -> None:
    with pytest.raises(BadBook) as bad:
        read_categories({"rows": rows})
    assert said in bad.value.faults[where]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadBook) as bad:
        read_categories({"rows": [row("02", "", kind="joke"), row("0203", open=1)]})
    assert set(bad.value.faults) == {"02.names", "02.kind", "0203.code", "0203.open"}


def test_what_a_site_begins_with_is_a_book_in_three_languages() -> None:
    book = read_categories(default_body("categories"))
    assert all(set(found.names) == {"zh", "en", "ug"} for found in book.rows)
    leaves = [found.code for found in book.leaves()]
    assert len(leaves) > 40
    unsaid = [code for code in leaves if not book.said(code, "kind") or not book.said(code, "class_")]
    assert set(unsaid) <= {"9001", "9002", "99"}, (
        "what a suggestion or something else is about, the agent says"
    )
