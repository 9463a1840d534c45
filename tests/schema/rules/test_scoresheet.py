"""Score sheets: weights, items that do not apply, fatal items; a book that cannot be one says where."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.scoresheet import QualityBook, Sheet, faults, good, read_quality, read_sheet, score

NAMES = {"zh": "甲"}
SHEET = read_sheet({
    "code": "s", "names": NAMES, "least": 60, "sections": [
        {"code": "one", "names": NAMES, "items": [
            {"code": "hello", "names": NAMES, "weight": 10},
            {"code": "tone", "names": NAMES, "weight": 30, "kind": "scale", "most": 5},
            {"code": "transfer", "names": NAMES, "weight": 60, "skip": True},
        ]},
        {"code": "two", "names": NAMES, "items": [{"code": "rude", "names": NAMES, "weight": 20, "fatal": True}]},
    ],
})  # fmt: skip
WELL: dict[str, int | None] = {"hello": 1, "tone": 4, "transfer": None, "rude": 1}


def test_the_sum_is_of_what_applies_by_its_weight() -> None:
    found = score(SHEET, WELL)
    assert (found.points, found.out_of, found.percent) == (54, 60, 90.0)
    assert found.sections == {"one": (34, 40), "two": (20, 20)} and good(SHEET, found)
    with_transfer = score(SHEET, WELL | {"transfer": 0})
    assert (with_transfer.percent, good(SHEET, with_transfer)) == (45.0, False)


def test_a_fatal_item_that_failed_makes_the_whole_nothing() -> None:
    found = score(SHEET, WELL | {"rude": 0})
    assert found.percent == 0 and found.fatal == ("rude",) and not good(SHEET, found)
    assert found.points == 34, "what was good is still told"


@pytest.mark.parametrize(
    ("change", "where"),
    [({"hello": 2}, "hello"), ({"tone": 6}, "tone"), ({"hello": None}, "hello"), ({"nothing": 1}, "nothing")],
)
def test_an_answer_that_cannot_be_says_which(change: dict[str, Any], where: str) -> None:
    assert faults(SHEET, WELL) == {}
    assert list(faults(SHEET, WELL | change)) == [where]
    assert list(faults(SHEET, {key: value for key, value in WELL.items() if key != "rude"})) == ["rude"]


def test_a_call_to_which_nothing_applies_cannot_be_scored() -> None:
    sheet = read_sheet({"code": "s", "names": NAMES, "least": 0, "sections": [
        {"code": "a", "names": NAMES,
         "items": [{"code": "x", "names": NAMES, "weight": 1, "skip": True}]}]})  # fmt: skip
    assert list(faults(sheet, {"x": None})) == ["x"] and score(sheet, {"x": None}).percent == 0


@given(st.fixed_dictionaries({
    "hello": st.integers(0, 1), "tone": st.integers(0, 5), "transfer": st.none() | st.integers(0, 1),
    "rude": st.just(1),
}))  # fmt: skip
def test_a_score_is_a_share_and_a_better_answer_never_lowers_it(answers: dict[str, Any]) -> None:
    found = score(SHEET, answers)
    assert 0 <= found.percent <= 100 and faults(SHEET, answers) == {}
    assert score(SHEET, answers | {"tone": 5}).percent >= found.percent


def test_the_books_that_come_with_the_product_are_read_and_written_the_same() -> None:
    body = default_body("quality")
    book = read_quality(body)
    assert book.body() == body and read_quality(book.body()) == book
    sheet = book.sheet("hotline")
    assert (
        sheet is not None
        and read_sheet(sheet.body()) == sheet
        and sheet.key() == read_sheet(sheet.body()).key()
    )
    assert all(item.names.keys() == {"zh", "en", "ug"} for item in sheet.items())
    assert sum(item.fatal for item in sheet.items()) == 3


def _changed(path: str, value: Any) -> dict[str, Any]:
    body: Any = copy.deepcopy(default_body("quality"))
    at = body
    *parts, last = path.split(".")
    for part in parts:
        at = at[int(part) - 1] if part.isdigit() else at[part]
    at[last] = value
    return dict(body)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("appeal_days", 0), ("sheets", []), ("sheets.1.code", "Ä"), ("sheets.1.least", 101), ("sheets.1.open", 1),
        ("sheets.1.sections", []), ("sheets.1.sections.1.names", {}), ("sheets.1.sections.1.items", []),
        ("sheets.1.sections.1.code", "manner"), ("sheets.1.sections.2.items.1.code", "greeting"),
        ("sheets.1.sections.1.items.1.weight", 0), ("sheets.1.sections.1.items.1.weight", True),
        ("sheets.1.sections.2.items.1.most", 11), ("sheets.1.sections.1.items.1.kind", "song"),
        ("sheets.1.sections.1.items.1.fatal", "yes"), ("sheets.1.sections.1.items.1.hints", {"en": "x"}),
        ("more", 1),
    ],
)  # fmt: skip
def test_a_book_that_cannot_be_one_says_where(path: str, value: Any) -> None:
    with pytest.raises(BadBook) as told:
        read_quality(_changed(path, value))
    twice = {"sheets.1.sections.1.code": "sheets.1.sections.2.code"}
    assert set(told.value.faults) == {twice.get(path, path)}


def test_a_sheet_that_is_closed_is_not_used() -> None:
    book = read_quality(_changed("sheets.1.open", False))
    assert (
        book.sheet("hotline") is None and isinstance(book, QualityBook) and isinstance(book.sheets[0], Sheet)
    )
