"""Numbers as they are spoken: known cases, and what a reader of its own understands of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.spokennumbers import MOST, PARTS, digits, money, number, words

ZH = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "两": 2}
EN = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
UG = {
    word: n
    for n, word in enumerate(
        ["نۆل", "بىر", "ئىككى", "ئۈچ", "تۆت", "بەش", "ئالتە", "يەتتە", "سەككىز", "توققۇز"]
    )
} | {
    word: 10 * n
    for n, word in enumerate(
        ["ئون", "يىگىرمە", "ئوتتۇز", "قىرىق", "ئەللىك", "ئاتمىش", "يەتمىش", "سەكسەن", "توقسان"], 1
    )
}


def read_zh(text: str) -> int:
    """What a Chinese reader understands: each unit multiplies what stands before it, 万 and 亿 all of the group."""
    total = section = digit = 0
    for sign in text:
        if sign in ZH:
            digit = ZH[sign]
        elif sign in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[sign]
            section = digit = 0
    return total + section + digit


def read_spaced(text: str, known: dict[str, int], hundred: str, units: dict[str, int]) -> int:
    total = group = 0
    for word in text.split():
        if word in known:
            group += known[word]
        elif word == hundred:
            group = (group or 1) * 100
        else:
            total += (group or 1) * units[word]
            group = 0
    return total + group


def read(text: str, language: str) -> int:
    if language == "zh":
        return read_zh(text)
    if language == "en":
        return read_spaced(text, EN, "hundred", {"thousand": 10**3, "million": 10**6, "billion": 10**9})
    return read_spaced(text, UG, "يۈز", {"مىڭ": 10**3, "مىليون": 10**6, "مىليارد": 10**9})


def said(value: int, language: str, counted: bool = False) -> str:
    return words(number(value, language, counted=counted), language)


@pytest.mark.parametrize(
    ("value", "zh", "en", "ug"),
    [
        (0, "零", "zero", "نۆل"),
        (2, "二", "two", "ئىككى"),
        (10, "十", "ten", "ئون"),
        (12, "十二", "twelve", "ئون ئىككى"),
        (25, "二十五", "twenty five", "يىگىرمە بەش"),
        (100, "一百", "one hundred", "يۈز"),
        (102, "一百零二", "one hundred two", "يۈز ئىككى"),
        (110, "一百一十", "one hundred ten", "يۈز ئون"),
        (112, "一百一十二", "one hundred twelve", "يۈز ئون ئىككى"),
        (222, "两百二十二", "two hundred twenty two", "ئىككى يۈز يىگىرمە ئىككى"),
        (1000, "一千", "one thousand", "مىڭ"),
        (2012, "两千零一十二", "two thousand twelve", "ئىككى مىڭ ئون ئىككى"),
        (10_000, "一万", "ten thousand", "ئون مىڭ"),
        (20_002, "两万零二", "twenty thousand two", "يىگىرمە مىڭ ئىككى"),
        (101_000, "十万一千", "one hundred one thousand", "يۈز بىر مىڭ"),
        (120_000, "十二万", "one hundred twenty thousand", "يۈز يىگىرمە مىڭ"),
        (200_000_000, "两亿", "two hundred million", "ئىككى يۈز مىليون"),
        (1_000_010_000, "十亿零一万", "one billion ten thousand", "بىر مىليارد ئون مىڭ"),
        (100_001_000, "一亿零一千", "one hundred million one thousand", "يۈز مىليون مىڭ"),
    ],
)
def test_a_number_is_spoken_as_people_say_it(value: int, zh: str, en: str, ug: str) -> None:
    assert (said(value, "zh"), said(value, "en"), said(value, "ug")) == (zh, en, ug)


def test_two_of_something_are_another_word_in_chinese() -> None:
    assert [said(n, "zh", counted=True) for n in (2, 12, 20, 22)] == ["两", "十二", "二十", "二十二"]
    assert said(2, "en", counted=True) == "two"


@given(st.integers(0, MOST))
def test_a_reader_who_knows_only_the_grammar_understands_every_number(value: int) -> None:
    for language in ("zh", "en", "ug"):
        assert read(said(value, language), language) == value, said(value, language)
    zh = said(value, "zh")
    assert "零零" not in zh and (not zh.endswith("零") or value == 0)
    assert not re.search("二[百千]|(?<![十零])二[万亿]|两十|[^十百千万亿零两]两$", zh)


@given(st.integers(0, 10**9))
def test_a_sum_of_money_is_understood(fen: int) -> None:
    zh = words(money(fen, "zh"), "zh")
    yuan, _, rest = zh.rpartition("元") if "元" in zh else ("", "", zh)
    jiao, _, cents = rest.rpartition("角") if "角" in rest else ("", "", rest)
    assert read_zh(yuan) * 100 + read_zh(jiao) * 10 + read_zh(cents.rstrip("分")) == fen
    en = words(money(fen, "en"), "en")
    whole, _, part = en.rpartition("yuan") if "yuan" in en else ("", "", en)
    assert read(whole, "en") * 100 + read(part.replace("fen", ""), "en") == fen


def test_money_is_spoken_as_people_say_it() -> None:
    assert words(money(20_005, "zh"), "zh") == "两百元零五分"
    assert words(money(12_345, "zh"), "zh") == "一百二十三元四角五分"
    assert words(money(220, "zh"), "zh") == "两元两角"
    assert words(money(50, "zh"), "zh") == "五角" and words(money(0, "zh"), "zh") == "零元"
    assert words(money(12_345, "en"), "en") == "one hundred twenty three yuan forty five fen"
    assert words(money(12_345, "ug"), "ug") == "يۈز يىگىرمە ئۈچ يۈەن تۆت مو بەش پۇڭ"


def test_digits_are_read_one_by_one_and_what_is_none_is_not_said() -> None:
    assert words(digits("ZW-2026-0117", "zh"), "zh") == "二零二六零幺幺七"
    assert words(digits("+8613x0", "en"), "en") == "eight six one three zero"


@pytest.mark.parametrize("value", [-1, MOST + 1])
def test_what_cannot_be_said_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="numbers are said from 0"):
        number(value, "zh")


def test_every_part_that_a_language_says_has_a_text_in_it() -> None:
    for language in ("zh", "en", "ug"):
        said = {part for n in range(0, 1000) for part in number(n, language)} | set(number(MOST, language))
        assert all(PARTS[part][language].strip() for part in said | set(money(1111, language)))
