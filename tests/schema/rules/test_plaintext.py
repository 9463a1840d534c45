"""Texts folded: the same words in any width, form or keyboard are the same; no text breaks it or takes long."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.plaintext import LONGEST, digits, likeness, pieces, plain

ANY = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("ＡＢＣ　１２号", "abc 12号"),
        ("路灯，不亮！", "路灯 不亮"),
        ("Ünlük", "unluk"),
        ("ﺋﯘﻳﻐﯘﺭ", "ئۇيغۇر"),
        ("سۇ كەلمىدى", "سۇ کەلمیدی"),
        ("ﻫﻪ", "ەە"),
        ("يـــول", "يول"),
        ("١٢ ۱۲ १२", "12 12 12"),
        ("\u202eabc\u202c\u200b", "abc"),
        ("a\0b\tc", "ab c"),
    ],
)
def test_the_same_words_are_the_same_characters(one: str, two: str) -> None:
    assert plain(one).replace(" ", "") == plain(two).replace(" ", "")


@given(ANY)
def test_what_is_folded_is_folded(text: str) -> None:
    once = plain(text)
    assert plain(once) == once == once.strip()


@given(ANY, ANY)
def test_likeness_is_mutual_and_between_0_and_1(one: str, two: str) -> None:
    first, second = pieces(plain(one)), pieces(plain(two))
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == pytest.approx(1 if first else 0)


def test_pieces_are_of_characters_not_of_a_language() -> None:
    assert pieces("路灯") == Counter({"路": 1, "灯": 1, "路灯": 1})
    assert pieces("lamp") == Counter({"_la": 1, "lam": 1, "amp": 1, "mp_": 1})
    assert set(pieces("b12路")) == {"_b1", "b12", "12_", "路"}
    assert pieces("𠀀") == Counter({"𠀀": 1}) and pieces("👍") == pieces("") == Counter()


def test_near_texts_are_more_alike_than_far_ones() -> None:
    lamp, lamps, water = (pieces(plain(text)) for text in ("门口路灯不亮", "路灯不亮了", "家里没有水"))
    assert likeness(lamp, lamps) > 0.6 > 0.2 > likeness(lamp, water)


def test_the_numbers_of_a_text_are_its_house_numbers() -> None:
    assert digits(plain("文三路 ０12 号 ٥-بىنا")) == {"12", "5"} and digits("") == frozenset()


@pytest.mark.parametrize("text", ["\ufdfa", "a\u0301", "👩‍👩‍👧", "\u202e\u2066", "ئ", "路", "\0", "\ud800"])
def test_a_megabyte_takes_no_longer_than_a_page(text: str) -> None:
    begun = time.process_time()
    assert len(plain(text * (1_000_000 // len(text)))) <= LONGEST
    assert time.process_time() - begun < 1
