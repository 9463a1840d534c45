"""The bar: what somebody sees of it by their rights."""

from backoffice.navigation import FEW, PLACES, places
from backoffice.words import Words

EVERY = [link for place in PLACES for link in place.links]


def test_whoever_may_little_has_it_all_in_the_bar() -> None:
    few = {link.right for link in EVERY[2 : 2 + FEW]}
    found = places(lambda right: right in few)
    assert [place.links for place in found] == [(link,) for link in EVERY[2 : 2 + FEW]]
    assert [place.name for place in found] == [link.name for link in EVERY[2 : 2 + FEW]]


def test_whoever_may_much_has_it_under_names_and_nothing_is_left_out() -> None:
    found = places(lambda right: True)
    assert [link for place in found for link in place.links] == EVERY
    assert len(found) == len(PLACES)
    assert [place for place in found if place.has("/supervision/red")] == [found[2]]


def test_one_that_would_be_alone_under_a_name_stands_in_the_bar() -> None:
    found = places(lambda right: right not in ("report.read", "assessment.read"))
    assert [place.name for place in found] == [
        "nav.seat",
        "nav.cases",
        "nav.desks",
        "nav.wallboard",
        "nav.site",
    ]


def test_whoever_may_nothing_has_an_empty_bar() -> None:
    assert places(lambda right: False) == []


def test_every_entry_has_words() -> None:
    words = Words.read()
    assert all(words.has(one.name) for one in (*PLACES, *EVERY))
