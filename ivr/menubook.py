"""The voice menus that count now: the newest version of the book, once everything that it says has been spoken.

The store is asked every few seconds. What counts is kept in a file beside the prompts: a voice room that starts
while the database is away has the menus of yesterday, and a caller never waits for either.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from ivr.following import Following
from ivr.prompts import CannotSpeak, make
from schema.defaults import default_body
from schema.desk.voicebooks import BOOK, voice_now
from schema.rules.bookparts import BadBook
from schema.rules.dialogue import texts_of
from schema.rules.voicebook import VoiceBook, Way, read_voice
from schema.store import Store

LOOK_EVERY = 5.0
log = structlog.get_logger()


def as_set(language: str, tries: int, wait: float) -> VoiceBook:
    """The book of a site that has written none, as its settings say it."""
    book = read_voice(default_body(BOOK))

    def own(way: Way) -> Way:
        return replace(way, to=language) if way.do == "language" else way

    menus = {
        id: replace(menu, tries=tries, wait=wait, silent=own(menu.silent)) for id, menu in book.menus.items()
    }
    return replace(book, menus=menus)


class MenuBook:
    """`now` is the book; `usual` the one of version 0. `speak` makes prompts of what is new."""

    def __init__(
        self,
        store: Store | None,
        prompts: Path,
        usual: VoiceBook,
        speak: Callable[[Path, Mapping[str, Mapping[str, str]]], object] = make,
    ) -> None:
        self._store, self._prompts, self._usual, self._speak = store, prompts, usual, speak
        self._file = prompts / "voice.json"
        self._following = Following("voice menus", self.look, LOOK_EVERY, (CannotSpeak, BadBook, OSError))
        self.version, self.now = self._kept()

    def start(self) -> None:
        """Follow the store, on a thread of its own."""
        if self._store is not None:
            self._following.start()

    def stop(self) -> None:
        """No more."""
        self._following.stop()

    def look(self) -> bool:
        """Take over what the store has; whether it is new. Raises StoreUnreachable, CannotSpeak, BadBook."""
        assert self._store is not None
        with self._store.read() as session:
            version, book, body = voice_now(session, self._store.clock(), self._store.zone)
        if version == self.version:
            return False
        book = book if version else self._usual
        self._speak(self._prompts, texts_of(book))
        self._keep(version, body)
        self.version, self.now = version, book
        log.info("voice menus", version=version, menus=len(book.menus))
        return True

    def _kept(self) -> tuple[int, VoiceBook]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            version = int(kept["version"])
            return version, read_voice(kept["body"]) if version else self._usual
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the voice menus kept beside the prompts cannot be read", reason=str(error))
        return 0, self._usual

    def _keep(self, version: int, body: Mapping[str, Any]) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({"version": version, "body": body}, ensure_ascii=False), "utf-8")
        os.replace(draft, self._file)
