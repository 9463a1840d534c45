"""The book of voice menus: what is a good one, and where somebody could be lost."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from schema.defaults import default_body
from schema.rules.bookparts import BadBook
from schema.rules.voicebook import read_voice


def say(text: str) -> dict[str, str]:
    return {"zh": f"{text} 中文", "en": text, "ug": f"{text} ئۇ"}


def menu(**changes: Any) -> dict[str, Any]:
    about = {
        "names": {"zh": "菜单"},
        "say": say("menu"),
        "keys": {"0": {"do": "service"}},
        "silent": {"do": "service"},
    }
    return about | changes


def good() -> dict[str, Any]:
    """Two menus: a language first, then water, tax, and office hours."""
    to_main = {"do": "menu", "to": "main"}
    return {
        "start": "language",
        "menus": {
            "language": menu(
                every=True,
                keys={"1": {"do": "language", "to": "zh", "then": to_main},
                      "2": {"do": "language", "to": "en", "then": to_main}, "0": {"do": "service"}},
                silent={"do": "language", "to": "zh", "then": to_main},
            ),
            "main": menu(
                keys={"1": {"do": "service", "to": "water"}, "2": {"do": "say", "say": say("hours")},
                      "9": {"do": "services"}, "0": {"do": "service"}},
                tries=3,
            ),
        },
    }  # fmt: skip


def test_the_default_is_good_and_comes_back_as_json() -> None:
    book = read_voice(json.loads(json.dumps(default_body("voice"))))
    assert book.start == "language" and set(book.menus["language"].keys) == set("0123")
    assert book.menus["language"].keys["2"].ends().do == "services"


def test_a_book_comes_back_as_it_was_written() -> None:
    body = good() | {"today": {"say": say("news"), "from": "2026-11-29", "until": "2026-12-01"}}
    body |= {"begins": "2026-12-01T08:00"}
    book, zone = read_voice(body), timezone(timedelta(hours=8))
    eight = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert book.counts(eight, zone) and not book.counts(eight - timedelta(minutes=1), zone)
    assert read_voice(json.loads(json.dumps(book.body()))) == book
    assert [bool(book.announced(date(2026, 11, day))) for day in (28, 29, 30)] == [False, True, True]
    assert not book.announced(date(2026, 12, 2)) and read_voice(good() | {"today": None}).today is None


def test_everything_that_is_said_is_found() -> None:
    book = read_voice(good())
    assert [one["en"] for one in book.said()] == ["menu", "menu", "hours"]


Change = Callable[[dict[str, Any]], object]


def at(*path: str, to: Any) -> Change:
    def change(body: dict[str, Any]) -> None:
        here: Any = body
        for name in path[:-1]:
            here = here[name]
        here[path[-1]] = to

    return change


LANGUAGE, MAIN = ("menus", "language"), ("menus", "main")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (at("start", to="none"), "start"),
        (at("start", to=["language"]), "start"),
        (at("menus", to={}), "menus"),
        (at("today", to="x"), "today"),
        (at("begins", to="2026-12-01"), "begins"),
        (at("begins", to="2026-12-01T08:00+08:00"), "begins"),
        (at("begins", to=["2026"]), "begins"),
        (at("today", to={"say": say("x"), "from": "2026-11-29"}), "today"),
        (at("today", to={"say": say("x"), "from": "2026-11-29", "until": 5}), "today.until"),
        (at("today", to={"say": say("x"), "from": "2026-11-29", "until": "2026-11-28"}), "today.until"),
        (at("today", to={"say": {}, "from": "2026-11-29", "until": "2026-11-29"}), "today.say.zh"),
        (at("more", to=1), "more"),
        (at("menus", "Main Menu", to=menu()), "Main Menu.id"),
        (at("menus", "services", to=menu()), "services.id"),
        (at(*MAIN, to="none"), "main"),
        (at(*MAIN, "names", to={"en": "only"}), "main.names"),
        (at(*MAIN, "colour", to="red"), "main.colour"),
        (at(*MAIN, "every", to="yes"), "main.every"),
        (at(*MAIN, "tries", to=0), "main.tries"),
        (at(*MAIN, "wait", to=True), "main.wait"),
        (at(*MAIN, "say", to="text"), "main.say"),
        (at(*MAIN, "say", "ug", to=" "), "main.say.ug"),
        (at(*MAIN, "say", "en", to="two\nlines"), "main.say.en"),
        (at(*MAIN, "say", "en", to="x" * 401), "main.say.en"),
        (at(*MAIN, "keys", to={}), "main.keys"),
        (at(*MAIN, "keys", "A", to={"do": "service"}), "main.keys.A"),
        (at(*MAIN, "keys", "12", to={"do": "service"}), "main.keys.12"),
        (at(*MAIN, "keys", "1", to={"do": "hang up"}), "main.keys.1"),
        (at(*MAIN, "keys", "1", to="service"), "main.keys.1"),
        (at(*MAIN, "keys", "1", "to", to="a, b"), "main.keys.1.to"),
        (at(*MAIN, "keys", "2", "say", to={"zh": "x", "fr": "y"}), "main.keys.2.say"),
        (at(*MAIN, "silent", to={"do": "say", "say": say("x")}), "main.silent"),
        (at(*MAIN, "silent", to={"do": "status"}), "main.silent"),
        (at(*LANGUAGE, "keys", "1", "then", to={"do": "status"}), "language.keys.1.then"),
        (at(*LANGUAGE, "keys", "1", "to", to="fr"), "language.keys.1.to"),
        (at(*LANGUAGE, "keys", "1", "then", to=None), "language.keys.1.then"),
        (at(*LANGUAGE, "keys", "1", "then", to={"do": "language", "to": "zh"}), "language.keys.1.then"),
        (at(*LANGUAGE, "keys", "1", "then", "to", to="none"), "language.keys.1.to"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(change: Change, where: str) -> None:
    body = json.loads(json.dumps(good()))
    change(body)
    with pytest.raises(BadBook) as bad:
        read_voice(body)
    assert where in bad.value.faults


def test_what_is_asked_after_the_call_comes_back_and_is_said_in_every_language() -> None:
    body = good() | {"rating": {"say": say("rate")}}
    book = read_voice(body)
    assert (
        book.rating == say("rate") and book.body() == body | book.body() and say("rate") in list(book.said())
    )
    assert read_voice(good()).rating == {}
    for wrong, where in (({"say": {"zh": "一"}}, "rating.say.en"), ("yes", "rating")):
        with pytest.raises(BadBook) as bad:
            read_voice(good() | {"rating": wrong})
        assert where in bad.value.faults
