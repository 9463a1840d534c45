"""What all rule books have: names read once, faults that say where."""

from typing import Any

import pytest

from schema.rules.bookparts import BadBook, name_in, read_names


def test_names_keep_their_languages_and_fall_back_to_chinese() -> None:
    names = read_names({"ug": "چىراغ", "zh": " 路灯 ", "en": ""})
    assert names == {"zh": "路灯", "ug": "چىراغ"}
    assert [name_in(names, language) for language in ("zh", "en", "ug")] == ["路灯", "路灯", "چىراغ"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (None, "in Chinese"), ({}, "in Chinese"), ({"zh": " "}, "in Chinese"), ({"en": "x"}, "in Chinese"),
        ({"zh": "x", "fr": "y"}, "languages"), ({"zh": "x" * 61}, "at most 60"), ({"zh": "a\nb"}, "one line"),
        ({"zh": "x", "en": 7}, "at most 60"),
    ],
)  # fmt: skip
def test_what_are_no_names_says_why(names: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_names(names)


def test_a_bad_book_names_every_fault() -> None:
    assert str(BadBook({"02.names": "no", "03": "twice"})) == "02.names: no; 03: twice"
