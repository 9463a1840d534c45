"""The voice menus that count now: from the store once they are spoken, from a file without it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conf.speech import CannotSpeak
from ivr.menubook import MenuBook, as_set
from schema.defaults import default_body
from schema.desk.rulechanges import change_rulebook
from schema.orders import ChangeRulebook
from schema.people import User
from schema.store import Store
from tests.schema.rules.test_voicebook import good

USUAL = as_set("zh", 2, 3)
Texts = Mapping[str, Mapping[str, str]]


class Voice:
    """Speaks into a list; or says why it cannot."""

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.trouble = ""

    def __call__(self, _folder: Path, texts: Texts) -> None:
        if self.trouble:
            raise CannotSpeak(self.trouble)
        self.spoken += [forms["en"] for forms in texts.values()]


def publish(store: Store, body: dict[str, Any], version: int = 0) -> None:
    with store.work() as work:
        admin = User(login=f"admin{version}", name="孙宁", post="admin", password="!")
        work.session.add(admin)
        work.session.flush()
        order = ChangeRulebook(by=admin.id, name="voice", version=version, body=json.dumps(body))
        assert change_rulebook(work, order).version == version + 1


def test_settings_say_the_usual_book() -> None:
    usual = as_set("ug", 4, 2.5)
    menu = usual.menus["language"]
    assert (menu.tries, menu.wait, menu.silent.to) == (4, 2.5, "ug")


def test_what_is_published_counts_once_it_is_spoken(store: Store, tmp_path: Path) -> None:
    voice = Voice()
    book = MenuBook(store, tmp_path, USUAL, voice)
    assert not book.look() and book.now is USUAL
    publish(store, good())
    voice.trouble = "no voice"
    with pytest.raises(CannotSpeak):
        book.look()
    assert book.now is USUAL, "nobody is led to something that cannot be said"
    voice.trouble = ""
    assert book.look() and not book.look()
    assert set(book.now.menus) == {"language", "main"} and voice.spoken == ["menu", "hours"]
    publish(store, default_body("voice"), 1)
    assert book.look() and set(book.now.menus) == {"language"}


def test_a_version_waits_for_its_day(store: Store, tmp_path: Path) -> None:
    tomorrow = (store.clock() + timedelta(days=1)).astimezone(store.zone).strftime("%Y-%m-%dT%H:%M")
    book = MenuBook(store, tmp_path, USUAL, Voice())
    publish(store, good() | {"begins": tomorrow})
    assert not book.look() and book.now is USUAL
    publish(store, default_body("voice"), 1)
    assert book.look() and book.version == 2
    publish(store, good() | {"begins": tomorrow}, 2)
    assert not book.look()
    now = store.clock()
    store.clock = lambda: now + timedelta(days=1)
    assert book.look() and set(book.now.menus) == {"language", "main"}


def test_without_the_store_it_is_as_it_was(store: Store, tmp_path: Path) -> None:
    publish(store, good())
    MenuBook(store, tmp_path, USUAL, Voice()).look()
    again = MenuBook(None, tmp_path, USUAL, Voice())
    assert (again.version, set(again.now.menus)) == (1, {"language", "main"})
    again.start()
    again.stop()


@pytest.mark.parametrize("kept", ["", "[]", '{"version": 1}', '{"version": 1, "body": {"menus": {}}}'])
def test_a_file_that_is_none_is_as_none(tmp_path: Path, kept: str) -> None:
    (tmp_path / "voice.json").write_text(kept, "utf-8")
    assert MenuBook(None, tmp_path, USUAL, Voice()).now is USUAL
