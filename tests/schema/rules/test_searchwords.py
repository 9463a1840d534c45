"""What a text is found by, and what a query asks for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.searchwords import MOST_OF_TEXT, Asked, BadQuery, Key, read_query, tokens


def finds(asked: Asked | None, text: str) -> bool:
    """Whether a query finds a text, the slow way."""
    assert asked is not None
    kept = tokens(text)

    def there(key: Key) -> bool:
        return any(token.startswith(key.token) if key.begins else token == key.token for token in kept)

    return all(map(there, asked.wanted)) and not any(all(map(there, group)) for group in asked.unwanted)


def test_han_becomes_neighbours_and_its_last_one_other_writing_words_and_pairs() -> None:
    assert tokens("路灯不亮") == ["路灯", "灯不", "不亮", "亮"]
    assert tokens("The Street-Light, 3号楼") == [
        "the", "street", "the_street", "light", "street_light", "3", "light_3", "号楼", "楼",
    ]  # fmt: skip
    assert tokens("چىراغ ياندى") == tokens("چىراغ  ياندى!")
    assert tokens("", " \n", "…") == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("路灯", "文三路的路灯不亮"), ("灯", "路灯"), ("亮", "不亮"), ("文三 不亮", "文三路的路灯不亮"),
        ("ＬＩＧＨＴ", "lights"),
        ("light", "Lights!"), ('"street light"', "The street light is out"), ("“街灯”", "街灯"), ("چىراغ", "چىراغلىرى"),
        ("路灯 -楼道", "路灯"), ("café", "CAFE"), ("2026", "年份2026"), ("1２", "第12号"),
        ('"路灯 不亮"', "路灯，不亮"),
        ("A-1", "a-1栋"), ("-路灯 楼道", "楼道灯"), ("𠀀", "𠀀路"),
    ],
)  # fmt: skip
def test_it_is_found(query: str, text: str) -> None:
    assert finds(read_query(query), text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("路灯", "路上的灯"), ('"light"', "lights"), ('"street light"', "light of the street"), ("街 -灯", "街灯"),
        ("12", "123"), ("ab", "abc"), ("light", "delight"),
        ('路灯 -"street light"', "路灯 street light"), ("灯 噪声", "灯"),
    ],
)  # fmt: skip
def test_it_is_not_found(query: str, text: str) -> None:
    assert not finds(read_query(query), text)


def test_a_group_leaves_out_only_what_has_all_of_it() -> None:
    assert finds(read_query("路灯 -街灯亮"), "路灯 街灯")
    assert not finds(read_query("路灯 -街灯亮"), "路灯 街灯亮了")


@pytest.mark.parametrize(
    ("query", "why"),
    [("-路灯", "only-not"), ("!?", "nothing"), ('""', "nothing"), ("-", "nothing"), ("a" * 201, "too-long"),
     (" ".join(map(str, range(60))), "too-long")],
)  # fmt: skip
def test_a_query_that_asks_for_nothing_says_why(query: str, why: str) -> None:
    with pytest.raises(BadQuery) as told:
        read_query(query)
    assert told.value.why == why


def test_an_empty_query_is_none() -> None:
    assert read_query("  \t") is None


WRITING = st.text(
    st.sampled_from("路灯不亮的街 abcXYZ äé-_\"'\\:*()|&!1２３چىراغلار\u200f\u0301\u0000𠀀😀"), max_size=60
)


@given(WRITING)
def test_tokens_hold_nothing_that_ends_a_quote(text: str) -> None:
    for token in tokens(text):
        assert re.fullmatch(r"[^\W_]+(_[^\W_]+)?", token) and token == token.casefold()


@given(WRITING, st.text(st.sampled_from("路灯不亮的街"), min_size=1, max_size=6), WRITING)
def test_whatever_stands_together_in_han_is_found_by_it(before: str, said: str, after: str) -> None:
    assert finds(read_query(said), before + said + after)


@given(st.text(max_size=250))
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        asked = read_query(query)
    except BadQuery:
        return
    assert asked is None or 0 < asked.size <= 32


def test_a_long_text_is_found_by_what_stands_at_its_cuts_up_to_a_bound() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(5000))
    assert all(finds(read_query(text[at : at + 2]), text) for at in range(1990, 2010))
    words = " ".join(f"word{n}" for n in range(1000))
    assert all(f"word{n}" in tokens(words) for n in range(1000))
    assert tokens("x" * MOST_OF_TEXT + " y")[-1] != "y"
