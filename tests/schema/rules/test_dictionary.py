"""The data dictionary: lists of words in three languages."""

from typing import Any

import pytest

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.dictionary import CHANNELS, LISTS, read_dictionary

WAYS = [{"code": code, "names": {"zh": code}} for code in CHANNELS]


def word(code: Any = "rain", names: Any = None, **more: Any) -> dict[str, Any]:
    return {"code": code, "names": names if names is not None else {"zh": "下雨"}} | more


def test_words_keep_their_order_and_a_closed_one_its_name() -> None:
    book = read_dictionary({"channel": WAYS, "suspend": [word("wind"), word("rain", open=False)]})
    assert [(one.code, one.open) for one in book["suspend"]] == [("wind", True), ("rain", False)]
    assert book["suspend"][1].name("ug") == "下雨" and book["void"] == ()
    assert set(book) == set(LISTS)


def test_what_a_site_begins_with_is_a_book_and_reads_back_the_same() -> None:
    book = read_dictionary(default_body("dictionary"))
    assert all(set(one.names) == {"zh", "en", "ug"} for words in book.values() for one in words)
    assert read_dictionary({name: [one.body() for one in words] for name, words in book.items()}) == book


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ({"jokes": []}, "jokes", "no such list"),
        ({"suspend": "rain"}, "suspend", "a list"),
        ({"suspend": [word("Rain")]}, "suspend.1", "letters a-z"),
        ({"suspend": [word(7)]}, "suspend.1", "letters a-z"),
        ({"suspend": [word(), word()]}, "suspend.2", "twice"),
        ({"suspend": [word(names={"en": "rain"})]}, "suspend.1", "in Chinese"),
        ({"suspend": [word(names={"zh": "x", "fr": "y"})]}, "suspend.1", "names are in"),
        ({"suspend": [word(names={"zh": "x" * 61})]}, "suspend.1", "at most 60"),
        ({"suspend": [word(names={"zh": "a\nb"})]}, "suspend.1", "one line"),
        ({"suspend": [word(open="no")]}, "suspend.1", "yes or no"),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what(body: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(BadBook) as bad:
        read_dictionary({"channel": WAYS} | body)
    assert set(bad.value.faults) == {where} and said in bad.value.faults[where]


def test_a_way_that_the_rules_know_may_be_closed_but_not_left_out() -> None:
    with pytest.raises(BadBook, match="phone cannot be left out"):
        read_dictionary({"channel": WAYS[1:]})
    read_dictionary({"channel": [WAYS[0] | {"open": False}, *WAYS[1:]]})
