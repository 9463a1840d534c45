"""Voicemail on its way to the desks: once its recording is kept, a message becomes a case that is taken in."""

import structlog

from backoffice.words import Words
from conf.settings import Settings
from schema.bus import Bus, Envelope
from schema.desk.errors import Refused
from schema.desk.voicemails import take_in_voicemail
from schema.facts import RecordingKept
from schema.rules.languages import LANGUAGES
from schema.store import Store

log = structlog.get_logger()


class Voicemails:
    """Hears of kept recordings. Any number may run on one store."""

    def __init__(self, settings: Settings, store: Store, bus: Bus) -> None:
        self._store, self._cell, self._words = store, settings.ivr.voicemail_cell, Words.read()
        self._language = settings.site.languages[0]
        bus.subscribe("voicemails", (RecordingKept,), self.hear)

    def start(self) -> None:
        """Nothing runs by itself."""

    def stop(self) -> None:
        """Nothing runs by itself."""

    def hear(self, envelope: Envelope) -> None:
        """A recording was kept: if it is a message, somebody is to listen to it."""
        fact = envelope.message
        if not isinstance(fact, RecordingKept):
            return
        try:
            with self._store.work() as work:
                take_in_voicemail(work, fact, self._cell, self._write)
        except Refused as error:
            log.error("a voicemail became no case", recording=str(fact.recording), reason=str(error))

    def _write(self, language: str, number: str, seconds: float) -> tuple[str, str]:
        """Title and text are for the desks, who read the site's language, whatever the caller spoke."""
        spoken = (
            self._words.say(self._language, f"language.{language}") if language in LANGUAGES else language
        )
        shown = {"number": number or "–", "seconds": str(round(seconds)), "spoken": spoken}
        title = self._words.say(self._language, "voicemail.case", **shown)
        return title, self._words.say(self._language, "voicemail.text", **shown)
