"""The voice room as a service: FastAGI on loopback."""

from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred

from conf.settings import Settings
from ivr.agi import Factory
from ivr.scripts import Scripts
from schema.services import services_of


class Ivr:
    """Listens on `settings.pbx.agi_port`. Needs no database: what a caller says reaches the store by the PBX's tape."""

    def __init__(self, settings: Settings, reactor: Any) -> None:
        scripts = Scripts(
            settings.prompts,
            default=settings.site.languages[0],
            tries=settings.ivr.tries,
            wait=settings.ivr.digit_timeout,
            services=services_of(settings),
        )
        self._factory = Factory(reactor, scripts.run)
        self._port_number = settings.pbx.agi_port
        self._reactor = reactor
        self._port: Any = None

    def start(self) -> None:
        """Listen. Raises twisted.internet.error.CannotListenError."""
        self._port = self._reactor.listenTCP(self._port_number, self._factory, interface="127.0.0.1")

    def stop(self) -> "Deferred[None]":
        """Listen no more; calls that are being talked to go on in the dialplan."""
        port, self._port = self._port, None
        self._factory.close()
        return maybeDeferred(port.stopListening) if port else maybeDeferred(lambda: None)
