"""The back office as a room: the web site, its worker threads, the live feed."""

import time
from typing import Any

import msgspec
import structlog
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool
from twisted.web.wsgi import WSGIResource

from backoffice.api.stream import EventStream
from backoffice.app import make_app
from backoffice.feed import Feed
from backoffice.floor import FloorMirror
from backoffice.hooks.sender import Sender
from backoffice.hooks.teller import HEARD as HOOKED
from backoffice.hooks.teller import Teller
from backoffice.hub import HEARD, Hub
from backoffice.office import Player, Replays
from backoffice.site import OfficeSite, Root
from backoffice.toolarge import Refusal
from backoffice.words import Words
from conf.settings import Settings
from schema.bus import Bus
from schema.desk import audit
from schema.store import Store, StoreUnreachable

PING_EVERY = 2.0
LOOK_EVERY = 0.25
EVENTS_EVERY = 0.2
BEAT_EVERY = 10.0
HEAD_EVERY = 3600.0
ANSWER_WITHIN = 4.0
log = structlog.get_logger()


class Web:
    """Starts and stops the web site on `settings.web`. What the bus says goes to the feed on the reactor."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        bus: Bus,
        player: Player,
        reactor: Any,
        replays: Replays | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._reactor = reactor
        self._floor = FloorMirror(lambda: bus.shout("floor?", b""), time.monotonic)
        self._hub = Hub(self._floor, settings.watch.shown)
        self._pool = ThreadPool(2, settings.web.threads, name="web")
        # The feed's own threads: a page that waits for a slow database does not hold up who may listen.
        self._side = ThreadPool(1, 3, name="feed")
        self._feed = Feed(store, self._hub, reactor, self._side)
        words = Words.read()
        self._refusal = Refusal(settings, words)
        self._events = EventStream(store, words, settings.watch.shown, reactor, self._side)
        self._app = make_app(
            settings, store, player, self._floor, bus.shout, words, replays=replays, bus=lambda: bus.state
        )
        self._sender = Sender(store, settings.hooks)
        bus.subscribe("webhooks", HOOKED, Teller(store, settings.site.hotline, self._sender.wake).hear)
        self._loops: list[LoopingCall] = []
        self._port: Any = None
        self._asked_at: float | None = None
        self._floor.listeners.append(lambda message: self._on_reactor(self._hub.floor_changed, message))
        bus.hear("floor", self._floor.hear)
        bus.hear("seat", lambda payload: self._on_reactor(self._hub.seat_taken, msgspec.json.decode(payload)))
        bus.subscribe(
            "feed", HEARD, lambda envelope: self._on_reactor(self._hub.fact, envelope), durable=False
        )

        def ask() -> None:
            bus.shout("floor?", b"")

        self._ask = ask

    @property
    def port(self) -> int:
        """The port it listens on."""
        found: int = self._port.getHost().port
        return found

    def start(self) -> None:
        """Listen. Raises twisted's CannotListenError when the port is taken."""
        self._pool.start()
        self._side.start()
        self._sender.start()
        pages = WSGIResource(self._reactor, self._pool, self._app)
        self._port = self._reactor.listenTCP(
            self._settings.web.port,
            OfficeSite(Root(self._feed, pages, self._events), self._refusal),
            interface=self._settings.web.host,
        )
        self._every(LOOK_EVERY, self._hub.look_at_bridge)
        self._every(PING_EVERY, self._ping)
        self._every(BEAT_EVERY, self._beat)
        self._every(EVENTS_EVERY, self._events.wake)
        self._every(HEAD_EVERY, self._note_head)
        self._note_head()
        self._ask()
        log.info("the back office listens", host=self._settings.web.host, port=self.port)

    def stop(self) -> "Deferred[None]":
        """Stop listening, end the feeds and the threads."""
        for loop in self._loops:
            if loop.running:
                loop.stop()
        self._sender.stop()
        self._feed.close()
        self._events.close()
        done = (
            maybeDeferred(self._port.stopListening) if self._port is not None else maybeDeferred(lambda: None)
        )
        # Not on the reactor's own thread: a page that is being written waits for it, and it would wait for the page.
        own = self._reactor.getThreadPool()
        done.addCallback(lambda _: deferToThreadPool(self._reactor, own, self._stop_threads))
        return done

    def _stop_threads(self) -> None:
        for pool in (self._pool, self._side):
            if pool.started:
                pool.stop()

    def _on_reactor(self, call: Any, *given: Any) -> None:
        self._reactor.callFromThread(call, *given)

    def _every(self, seconds: float, call: Any) -> None:
        loop = LoopingCall(call)
        loop.clock = self._reactor
        loop.start(seconds, now=False).addErrback(
            lambda failure: log.error("a loop broke", reason=str(failure.value))
        )
        self._loops.append(loop)

    def _ping(self) -> None:
        if self._asked_at is not None:
            # A database that hangs is one that does not answer.
            if self._reactor.seconds() - self._asked_at > ANSWER_WITHIN:
                self._hub.store_seen(False)
            return
        self._asked_at = self._reactor.seconds()
        asked = deferToThreadPool(self._reactor, self._side, self._answers)
        asked.addBoth(self._pinged)

    def _pinged(self, ok: Any) -> None:
        self._asked_at = None
        self._hub.store_seen(ok is True)

    def _answers(self) -> bool:
        try:
            self._store.ping()
        except StoreUnreachable:
            return False
        return True

    def _note_head(self) -> None:
        """Put the audit log's head where it is kept apart from the database: into this process's log."""

        def look() -> None:
            with self._store.read() as session:
                head = audit.head(session)
            log.info("the head of the audit log", head=str(head))

        done = deferToThreadPool(self._reactor, self._side, look)
        done.addErrback(
            lambda failure: log.error("the head of the audit log is not known", reason=str(failure.value))
        )

    def _beat(self) -> None:
        self._hub.beat(self._store.clock().isoformat(timespec="seconds"))
        for again in (self._feed.recheck(), self._events.beat()):
            if again is not None:
                again.addErrback(
                    lambda failure: log.error("sessions cannot be looked at", reason=str(failure.value))
                )
