"""The door as a room: the site on its own port, its threads, and who is woken when something is open for a handset."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from msgspec.structs import fields
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.python.threadpool import ThreadPool
from twisted.web.wsgi import WSGIResource

from conf.settings import Settings
from field_gateway.appfiles import read_app
from field_gateway.door.app import make_app
from field_gateway.door.down import Down
from field_gateway.door.files import Files
from field_gateway.door.gate import Gate
from field_gateway.door.natives import Threads
from field_gateway.door.room import Room, Taking
from field_gateway.door.site import DoorSite, Root
from field_gateway.door.tus import Media
from field_gateway.figures import Figures
from field_gateway.shelf import Shelf
from schema.bus import Bus, Envelope
from schema.pace import Pace
from schema.store import Store
from schema.wire import FACTS

QUEUE = 12
"""Requests in hand for each thread; what comes above is sent away."""
WRONG_A_MINUTE, WRONG_AT_ONCE = 6, 12
"""Wrong credentials and codes of one address."""
LOGINS_A_MINUTE, LOGINS_AT_ONCE = 6, 8
"""Tries to log in of one device."""
NATIVE_THREADS = 6
OF_SOMEBODY = [
    kind for kind in FACTS.values() if {"worker", "device"} & {field.name for field in fields(kind)}
]
"""Every fact that names a worker or a device: what they wait for may be another then."""
log = structlog.get_logger()


class Door:
    """Starts and stops the door on `settings.field`. `admit` lets the broker know who may come in."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        bus: Bus,
        intake: Taking,
        reactor: Any,
        admit: Callable[[], None],
        figures: Figures | None = None,
    ) -> None:
        self._settings, self._reactor, self._figures = settings, reactor, figures
        clock = time.monotonic
        self.room = Room(
            settings,
            store,
            intake,
            admit,
            Shelf(settings.vault),
            tries=Pace(WRONG_A_MINUTE / 60, WRONG_AT_ONCE, clock),
            logins=Pace(LOGINS_A_MINUTE / 60, LOGINS_AT_ONCE, clock),
        )
        self._pool = ThreadPool(1, settings.field.threads, name="door")
        self._side = ThreadPool(1, NATIVE_THREADS, name="door side")
        threads = Threads(reactor, self._side)
        self.down, self.media = Down(self.room, threads), Media(self.room, threads)
        self.gate = Gate(QUEUE * settings.field.threads)
        self._port: Any = None
        bus.subscribe("field door", OF_SOMEBODY, self._on_fact, durable=False)

    @property
    def port(self) -> int:
        """The port it listens on."""
        found: int = self._port.getHost().port
        return found

    def start(self) -> None:
        """Listen. Raises twisted's CannotListenError when the port is taken, OSError without the app's files."""
        files = Files(read_app(self._settings.tools / "static" / "vendor-app"))
        self._pool.start()
        self._side.start()
        pages = WSGIResource(self._reactor, self._pool, make_app(self.room, self._figures))
        site = DoorSite(Root(self.down, self.media, files, pages, self.gate), self.media.upload_for)
        self._port = self._reactor.listenTCP(
            self._settings.field.port, site, backlog=1024, interface=self._settings.field.host
        )
        log.info("the field door listens", host=self._settings.field.host, port=self.port)

    def stop(self) -> "Deferred[None]":
        """Stop listening, answer who waits, end the threads."""
        self.down.close()
        done = maybeDeferred(self._port.stopListening if self._port is not None else lambda: None)
        done.addCallback(lambda _: self._stop_threads())
        return done

    def _stop_threads(self) -> None:
        for pool in (self._pool, self._side):
            if pool.started:
                pool.stop()

    def _on_fact(self, envelope: Envelope) -> None:
        worker = getattr(envelope.message, "worker", None)
        device = getattr(envelope.message, "device", "")
        if worker is not None:
            self._reactor.callFromThread(self.down.wake_worker, worker)
        if device:
            self._reactor.callFromThread(self.down.wake, device)
        for one in getattr(envelope.message, "workers", ()):
            self._reactor.callFromThread(self.down.wake_worker, one)
