"""Dial rules: emergencies always, then the lists, then colleagues; a faulty book names every fault."""

from typing import Any

import pytest

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.dialrules import ALWAYS, allowed_as, matches, read_dialrules


def row(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "names": {"zh": code}, **more}


def book(**lists: Any) -> dict[str, Any]:
    return {"emergency": [row(code) for code in ALWAYS], **lists}


def test_a_number_is_dialled_as_what_it_is() -> None:
    rules = read_dialrules(
        book(numbers=[row("12345"), row("95598", open=False)], internal=[row("6xx1"), row("0571*")])
    )
    for typed, kind in (
        ("110", "emergency"), (" 1-2-2 ", "emergency"), ("12345", "numbers"), ("１２３４５", "numbers"), ("95598", ""),
        ("6001", "internal"), ("6002", ""), ("60011", ""), ("0571 8888 0001", "internal"),
        ("138 0000 0001", "colleague"), ("13800000002", ""), ("", ""), ("tel:110", ""), ("110;110", ""),
    ):  # fmt: skip
        assert allowed_as(rules, typed, {"13800000001"}) == kind, typed


def test_emergencies_are_dialled_whatever_the_book_says() -> None:
    assert [allowed_as({}, code) for code in ALWAYS] == ["emergency"] * 4
    for body in (
        {},
        {"emergency": [row("110")]},
        {"emergency": [row(code, open=code != "119") for code in ALWAYS]},
    ):
        with pytest.raises(BadBook) as bad:
            read_dialrules(body)
        assert set(bad.value.faults) == {"emergency"}


def test_a_star_alone_lets_everything_through() -> None:
    assert matches("*", "+8613800000001") and matches("+86*", "+8613800000001")
    assert not matches("+86*", "8613800000001") and not matches("1.0", "110")


def test_faults_are_named_by_place() -> None:
    with pytest.raises(BadBook) as bad:
        read_dialrules(
            book(
                numbers=[row("1x"), row("123"), row("123"), {"code": "124"}, row("125", open="no")],
                internal=[row("**"), row("6.*")],
                other=[],
            )
        )
    assert set(bad.value.faults) == {
        "numbers.1", "numbers.3", "numbers.4", "numbers.5", "internal.1", "internal.2", "other",
    }  # fmt: skip
    with pytest.raises(BadBook):
        read_dialrules({"emergency": 7})


def test_a_site_begins_with_emergencies_and_the_hotline() -> None:
    rules = read_dialrules(default_body("dialrules"))
    assert {word.code for word in rules["emergency"]} == set(ALWAYS)
    assert allowed_as(rules, "12345") == "numbers" and allowed_as(rules, "13800000001") == ""
