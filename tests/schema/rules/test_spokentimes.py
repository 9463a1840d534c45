"""Days and times as they are spoken: known cases, and what a reader of its own understands of them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.spokennumbers import words
from schema.rules.spokentimes import PARTS, clock, day, moment, near_day
from tests.schema.rules.test_spokennumbers import ZH, read, read_zh

TODAY = date(2026, 11, 29)
MONTHS = {
    forms["en"]: int(name.removeprefix("month-"))
    for name, forms in PARTS.items()
    if name.startswith("month-")
}


def text(parts: tuple[str, ...], language: str) -> str:
    return words(parts, language, PARTS)


@pytest.mark.parametrize(
    ("when", "zh", "en", "ug"),
    [
        (date(2026, 11, 24), "十一月二十四日", "November twenty fourth", "نويابىر يىگىرمە تۆتىنچى كۈنى"),
        (date(2027, 2, 2), "二零二七年二月二日", "February second twenty twenty seven",
         "ئىككى مىڭ يىگىرمە يەتتە ئىنچى يىلى فېۋرال ئىككىنچى كۈنى"),
        (date(2005, 10, 30), "二零零五年十月三十日", "October thirtieth two thousand five",
         "ئىككى مىڭ بەش ئىنچى يىلى ئۆكتەبىر ئوتتۇزىنچى كۈنى"),
    ],
)  # fmt: skip
def test_a_day_is_spoken_as_people_say_it(when: date, zh: str, en: str, ug: str) -> None:
    assert [text(day(when, code, TODAY), code) for code in ("zh", "en", "ug")] == [zh, en, ug]


@pytest.mark.parametrize(
    ("at", "zh", "en", "ug"),
    [
        (time(14, 0), "下午两点", "two p.m.", "چۈشتىن كېيىن سائەت ئىككى"),
        (time(9, 5), "上午九点零五分", "nine oh five a.m.", "چۈشتىن بۇرۇن سائەت توققۇز بەش مىنۇت"),
        (time(12, 30), "中午十二点三十分", "twelve thirty p.m.", "چۈشتىن كېيىن سائەت ئون ئىككى ئوتتۇز مىنۇت"),
        (time(0, 0), "上午零点", "midnight", "چۈشتىن بۇرۇن سائەت نۆل"),
        (time(12, 0), "中午十二点", "noon", "چۈشتىن كېيىن سائەت ئون ئىككى"),
        (time(22, 12), "下午十点十二分", "ten twelve p.m.", "چۈشتىن كېيىن سائەت ئون ئون ئىككى مىنۇت"),
    ],
)
def test_a_time_of_day_is_spoken_as_people_say_it(at: time, zh: str, en: str, ug: str) -> None:
    assert [text(clock(at, code), code) for code in ("zh", "en", "ug")] == [zh, en, ug]


def test_near_days_have_names() -> None:
    said = [text(near_day(TODAY + timedelta(days=n), "zh", TODAY), "zh") for n in (-1, 0, 1, 2)]
    assert said == ["昨天", "今天", "明天", "十二月一日"]
    assert text(moment(datetime(2026, 11, 30, 18, 0), "en", TODAY), "en") == "tomorrow six p.m."  # noqa: DTZ001


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_understood(when: date) -> None:
    year, _, rest = text(day(when, "zh"), "zh").partition("年")
    month, _, number = rest.partition("月")
    assert (int("".join(str(ZH[c]) for c in year)), read_zh(month), read_zh(number.rstrip("日"))) == (
        when.year, when.month, when.day,
    )  # fmt: skip
    parts = day(when, "en", when)
    assert (MONTHS[text(parts[:1], "en")], parts[1]) == (when.month, f"day-{when.day}")


@given(st.times())
def test_every_time_is_understood(at: time) -> None:
    said = text(clock(at, "zh"), "zh")
    hour, _, minute = said[2:].partition("点")
    after = 12 if said[:2] == "下午" else 0
    assert (read_zh(hour) + after, read_zh(minute.rstrip("分"))) == (at.hour, at.minute)
    en = text(clock(at, "en"), "en")
    if en not in ("noon", "midnight"):
        *parts, half = [word for word in en.split() if word != "oh"]
        first = 1 if parts[0] != "twenty" else 2
        hours = read(" ".join(parts[:first]), "en") % 12 + (12 if half == "p.m." else 0)
        assert (hours, read(" ".join(parts[first:]), "en")) == (at.hour, at.minute)
