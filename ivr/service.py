"""The voice room as a service: FastAGI on loopback."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from twisted.internet.defer import Deferred, maybeDeferred

from conf.settings import Settings
from conf.speech import voice_of
from ivr.agi import Factory
from ivr.asking import FromStore
from ivr.menubook import MenuBook, as_set
from ivr.prompts import make
from ivr.remembered import Remembered
from ivr.scripts import Scripts
from ivr.status import looks
from schema.services import services_of
from schema.store import Store


class Ivr:
    """Listens on `settings.pbx.agi_port`. Needs no database: what a caller says reaches the store by the PBX's tape,
    and without a store the menus are those of yesterday."""

    def __init__(self, settings: Settings, reactor: Any, store: Store | None = None) -> None:
        zone = ZoneInfo(settings.site.zone)
        usual = as_set(settings.site.languages[0], settings.ivr.tries, settings.ivr.digit_timeout)
        speak = partial(make, voice=voice_of(settings.ivr.voice))
        self._book = MenuBook(store, settings.prompts, usual, speak)
        self._remembered = Remembered(store, settings.site.languages[0])
        scripts = Scripts(
            settings.prompts,
            default=settings.site.languages[0],
            tries=settings.ivr.tries,
            wait=settings.ivr.digit_timeout,
            services=services_of(settings),
            book=lambda: self._book.now,
            today=lambda: datetime.now(zone).date(),
            remembered=self._remembered,
            look=looks(store, reactor) if store is not None else None,
            answers=FromStore(store, reactor) if store is not None else None,
            texts=bool(settings.sms.gateway),
        )
        self._factory = Factory(reactor, scripts.run)
        self._port_number = settings.pbx.agi_port
        self._reactor = reactor
        self._port: Any = None

    def start(self) -> None:
        """Listen. Raises twisted.internet.error.CannotListenError."""
        self._book.start()
        self._remembered.start()
        self._port = self._reactor.listenTCP(self._port_number, self._factory, interface="127.0.0.1")

    def stop(self) -> "Deferred[None]":
        """Listen no more; calls that are being talked to go on in the dialplan."""
        port, self._port = self._port, None
        self._factory.close()
        self._book.stop()
        self._remembered.stop()
        return maybeDeferred(port.stopListening) if port else maybeDeferred(lambda: None)
