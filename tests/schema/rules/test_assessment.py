"""The book of the assessment: every fault at its place; points, sums and grades as they are written."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.defaults import default_body
from schema.rules.assessment import LESS, Book, Item, add_up, percent, read_assessment
from schema.rules.bookparts import BadBook


def usual() -> dict[str, Any]:
    return deepcopy(default_body("assessment"))


def item(**more: Any) -> Item:
    return Item("x", {"zh": "甲"}, "department", 20, **more)


def book() -> Book:
    return read_assessment(usual())


def test_a_book_comes_back_as_it_was_written() -> None:
    assert read_assessment(book().body()) == book()
    assert sum(one.most for one in book().of("department")) == 100


@pytest.mark.parametrize(
    ("part", "row", "change", "where"),
    [
        ("items", 2, {"code": "A B"}, "items.3.code"),
        ("items", 2, {"code": "closed-in-time"}, "items.3.code"),
        ("items", 0, {"names": {"en": "x"}}, "items.1.names"),
        ("items", 0, {"about": "city"}, "items.1.about"),
        ("items", 0, {"most": 0}, "items.1.most"),
        ("items", 0, {"most": True}, "items.1.most"),
        ("items", 0, {"most": float("nan")}, "items.1.most"),
        ("items", 0, {"better": "other"}, "items.1.better"),
        ("items", 0, {"formula": "x" * 201}, "items.1.formula"),
        ("items", 0, {"formula": 7}, "items.1.formula"),
        ("items", 0, {"posts": ["king"]}, "items.1.posts"),
        ("items", 0, {"open": "yes"}, "items.1.open"),
        ("grades", 1, {"least": 95}, "grades.2.least"),
        ("grades", 1, {"least": 101}, "grades.2.least"),
        ("grades", 1, {"code": "A"}, "grades.2.code"),
    ],
)
def test_a_fault_is_named_by_its_place(part: str, row: int, change: dict[str, Any], where: str) -> None:
    body = usual()
    body[part][row] |= change
    with pytest.raises(BadBook) as found:
        read_assessment(body)
    assert set(found.value.faults) == {where}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"jokes": 1}, {"jokes"}),
        ({"items": []}, {"items"}),
        ({"grades": "A"}, {"grades"}),
        ({"items": [7]}, {"items.1.code", "items.1.names", "items.1.about", "items.1.most"}),
        ({"within": {"file": 0, "sign": 1.5, "x": 3}}, {"within.file", "within.dispatch", "within.sign", "within.x"}),
        ({"within": None}, {"within.file", "within.dispatch", "within.sign"}),
    ],
)  # fmt: skip
def test_a_part_that_is_none_is_named(change: dict[str, Any], where: set[str]) -> None:
    with pytest.raises(BadBook) as found:
        read_assessment(usual() | change)
    assert set(found.value.faults) == where


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_points_are_between_none_and_all(value: float) -> None:
    more, less = item().points(value), item(better=LESS).points(value)
    assert 0 <= more <= 20 and more + less == pytest.approx(20)


def test_a_share_is_worth_its_part_of_the_points() -> None:
    assert item().points(0.9) == pytest.approx(18)
    assert item(better=LESS).points(0.1) == pytest.approx(18)


def test_an_item_without_points_is_left_out_of_the_sum_and_of_what_it_is_out_of() -> None:
    assert add_up([(item(), 18.0), (item(), None)]) == (18.0, 20)
    assert add_up([(item(), None)]) == (0, 0) and percent(0, 0) is None and percent(18, 20) == 90.0


@pytest.mark.parametrize(
    ("share", "code"), [(100, "A"), (90, "A"), (89.9, "B"), (60, "C"), (40, "D"), (0, "E")]
)
def test_a_grade_begins_at_its_share(share: float, code: str) -> None:
    grade = book().grade(share)
    assert grade is not None and grade.code == code


def test_an_item_is_of_its_posts_and_closed_ones_are_nobodys() -> None:
    worker = Item("x", {"zh": "甲"}, "person", 5, posts=("worker",))
    assert worker.is_about("person", "worker") and not worker.is_about("person", "agent")
    assert not worker.is_about("department") and item().is_about("department")
    assert not item(open=False).is_about("department")
