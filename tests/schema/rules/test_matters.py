"""Matters: what a request is about is told in three languages."""

import pytest

from schema.rules.matters import MATTERS, TITLE, matters_of, sameness
from schema.rules.plaintext import plain


@pytest.mark.parametrize(
    ("matter", "titles"),
    [
        ("lamp", ("门口路灯灭了", "Street lamps are dark", "يول چىرىغى يانمايدۇ", "كوچا چىراغلىرى ئۆچۈك")),
        ("pothole", ("路面有大坑", "Deep pothole", "يولدا ئويمان بار")),
        ("no-water", ("家里停水了", "Water is off", "ئۆيدە سۇ يوق")),
        ("noise", ("工地噪音", "Noise at night", "كېچىدە شاۋقۇن")),
        ("parking", ("车辆违停", "Cars parked on the pavement", "ماشىنا توختىتىۋالغان")),
        ("heating", ("暖气不热", "Our heating is cold", "پار بېرىلمىدى، پارى سوغۇق")),
        ("manhole", ("井盖丢失", "Manhole cover missing", "قۇدۇق قاپقىقى يوق")),
    ],
)
def test_people_of_three_languages_mean_the_same(matter: str, titles: tuple[str, ...]) -> None:
    for title in titles:
        assert matter in matters_of(plain(title), ""), title


@pytest.mark.parametrize(
    "title", ["business hours", "I feel cold", "a walled garden, stalled", "wired", "ئىتتىپاق"]
)
def test_a_word_inside_another_is_not_meant(title: str) -> None:
    assert matters_of(plain(title), "") == {}


def test_the_title_counts_more_than_what_lies_beside_it() -> None:
    found = matters_of(plain("路灯不亮"), plain("就在井盖旁边"))
    assert found == {"lamp": TITLE, "manhole": 1}
    assert matters_of(plain("晚上害怕"), plain("路灯不亮")) == {"lamp": TITLE}


def test_sameness_is_mutual_whole_or_nothing_at_its_ends() -> None:
    lamp, both, hole = {"lamp": 2}, {"lamp": 2, "pothole": 1}, {"pothole": 2}
    assert sameness(lamp, lamp) == 1 and sameness(lamp, hole) == sameness({}, {}) == 0
    assert sameness(lamp, both) == sameness(both, lamp) == pytest.approx(0.8)


def test_the_longest_word_is_meant() -> None:
    assert matters_of(plain("红绿灯不亮"), "") == {"signal": TITLE}
    for title in ("公交站旁的路灯不亮", "lamp at the bus stop"):
        assert matters_of(plain(title), "") == {"lamp": TITLE}


def test_every_matter_has_a_code() -> None:
    assert len(set(MATTERS)) == len(MATTERS) and all(matter.isascii() for matter in MATTERS)
