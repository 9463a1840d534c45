"""The rule books as they are read: each version once, and none for another."""

import pytest

from schema.desk.errors import Refused
from schema.desk.rulebooks import BOOKS, book_body, book_now, dictionary, limits
from schema.rules.limits import USUAL
from schema.store import Store


@pytest.mark.parametrize("name", BOOKS)
def test_every_book_is_there_before_the_site_writes_one(store: Store, name: str) -> None:
    with store.read() as session:
        assert book_now(session, name) is book_now(session, name), "read once"
        assert BOOKS[name](book_body(session, name, 0)) == book_now(session, name)


def test_the_usual_limits_and_words_are_what_the_rules_say(store: Store) -> None:
    with store.read() as session:
        assert limits(session) == dict(USUAL)
        assert [word.code for word in dictionary(session)["channel"]][0] == "phone"


@pytest.mark.parametrize(("name", "version"), [("jokes", 0), ("limits", 1), ("limits", -1)])
def test_a_version_that_is_not_there_is_not_found(store: Store, name: str, version: int) -> None:
    with store.read() as session, pytest.raises(Refused) as refused:
        book_body(session, name, version)
    assert refused.value.code == "not-found"
