"""Prompts that were spoken into a telephone, on their way into place: once the PBX says that it is done, the file is
checked and used, or the row says why not."""

import time
from contextlib import suppress
from uuid import UUID

import structlog

from backoffice.promptfiles import put_in_place
from conf.layout import dictated_in
from conf.settings import Settings
from conf.sound import NotForTelephone
from schema.bus import Bus, Envelope
from schema.desk import dictations
from schema.dictations import ASKED
from schema.facts import PromptDictated
from schema.ids import as_id
from schema.store import Store

LEFT_AFTER = 300.0
log = structlog.get_logger()


class Dictations:
    """Hears of them. Any number may run on one store."""

    def __init__(self, settings: Settings, store: Store, bus: Bus) -> None:
        self._settings, self._store = settings, store
        bus.subscribe("dictations", (PromptDictated,), self.hear)

    def start(self) -> None:
        """Nothing runs by itself."""

    def stop(self) -> None:
        """Nothing runs by itself."""

    def hear(self, envelope: Envelope) -> None:
        """Somebody has spoken. What a crash left behind is taken in with it."""
        if isinstance(envelope.message, PromptDictated):
            take_in(self._settings, self._store, envelope.message.call)
            for id in left_behind(self._settings, time.time()):
                take_in(self._settings, self._store, id)


def left_behind(settings: Settings, now: float) -> list[UUID]:
    """What was spoken and has lain there for longer than any recording takes (`now` is Unix seconds)."""
    found = []
    for file in dictated_in(settings).glob("*.wav"):
        with suppress(OSError, ValueError):
            if now - file.stat().st_mtime > LEFT_AFTER:
                found.append(as_id(file.stem))
    return found


def take_in(settings: Settings, store: Store, id: UUID) -> None:
    """Check what was spoken for the order of this id, use it, and settle the row. Twice changes nothing.

    The file goes last, so that whoever dies on the way finds it again. Raises StoreUnreachable.
    """
    with store.read() as session:
        row = dictations.find(session, id)
    if row is None:
        return
    file = dictated_in(settings) / f"{id}.wav"
    if row.state == ASKED:
        why, seconds = "", 0.0
        try:
            seconds = put_in_place(settings.prompts, row.language, row.name, file)
        except FileNotFoundError:
            why = "nothing"
        except NotForTelephone as error:
            why = error.code
        with store.work() as work:
            dictations.settle(work, id, why, seconds)
        log.info("a prompt was spoken", language=row.language, name=row.name, refused=why)
    file.unlink(missing_ok=True)
