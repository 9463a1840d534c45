"""Wiring: builds the rooms of one process and hands each what it needs. The only file that knows everybody."""

from collections.abc import Collection
from typing import Any, Protocol

import structlog
from twisted.internet.defer import Deferred, maybeDeferred

from conf.garbage import Tidying, settle, share_heaps
from conf.settings import Settings
from schema.bus import Carrier
from schema.bus_memory import MemoryBus
from schema.bus_redis import RedisBus
from schema.relay import Relay
from schema.store import Store

ROLES = ("cti", "ivr", "gateway", "web")
log = structlog.get_logger()


class Room(Protocol):
    """What every room is to its process: something that starts and stops."""

    def start(self) -> Any:
        """Begin to work; may return a Deferred."""

    def stop(self) -> Any:
        """Finish within seconds; may return a Deferred."""


class Process:
    """One Gridline process with the rooms of its `roles`: the store, the bus, the relay, then the rooms."""

    def __init__(self, settings: Settings, roles: Collection[str], reactor: Any) -> None:
        self.settings = settings
        self.reactor = reactor
        self.store = Store.of(settings)
        self.bus: Carrier = (
            RedisBus(settings.bus.url, settings.bus.prefix, self.store)
            if settings.bus.url
            else MemoryBus(self.store)
        )
        self.relay = Relay(self.store, self.bus)
        self.rooms: dict[str, Room] = {}
        # Only the rooms of its roles are loaded: a bridge that was killed is back the sooner.
        if "ivr" in roles:
            from ivr.service import Ivr

            self.rooms["ivr"] = Ivr(settings, reactor, self.store)
        if "cti" in roles:
            from cti.service import Cti, join
            from recordings.service import Recordings

            self.rooms |= {
                f"recordings-{pbx.node}": Recordings(settings.at(pbx.node), self.store, self.bus)
                for pbx in settings.pbxs
            }
            rooms = [Cti(settings.at(pbx.node), self.store, self.bus, reactor) for pbx in settings.pbxs]
            join(rooms)
            self.rooms |= {f"cti-{room.node}": room for room in rooms}
        if "gateway" in roles:
            from field_gateway.days import Days
            from field_gateway.digests import digests_of
            from field_gateway.door.service import Door
            from field_gateway.figures import Counted, Figures
            from field_gateway.intake import Intake
            from field_gateway.service import Gateway
            from field_gateway.shelf import Shelf
            from schema.facts import Fact, HandsetBlocked, HandsetUnblocked, UserKeptOut, UserLetIn

            figures = Figures()
            gateway = self.rooms["gateway"] = Gateway(settings, self.store, self.bus, figures=figures)
            intake = Counted(Intake(self.store, Shelf(settings.vault), gateway.put_off), figures, "http")
            # The broker lies beside the gateway, whoever blocks a handset somewhere else.
            admitting: list[type[Fact]] = [HandsetBlocked, HandsetUnblocked, UserKeptOut, UserLetIn]
            self.bus.subscribe("broker", admitting, lambda _: self._admit())
            self.rooms["digests"] = Days(digests_of(settings, self.store))
            self.rooms["field-door"] = Door(
                settings, self.store, self.bus, intake, reactor, self._admit, figures
            )
        if "web" in roles:
            from backoffice.autocaller import AutoCaller
            from backoffice.dictations import Dictations
            from backoffice.notices.service import Notices
            from backoffice.service import Web
            from backoffice.voicemails import Voicemails
            from cti.replay import Replays
            from recordings.play import Player

            player = Player(settings, self.store)
            replays = Replays(settings.tape, self.store.zone, settings.acd.wrap_up)
            self.rooms["autocaller"] = AutoCaller(self.store)
            self.rooms["dictations"] = Dictations(settings, self.store, self.bus)
            self.rooms["notices"] = Notices(settings, self.store, self.bus)
            self.rooms["voicemails"] = Voicemails(settings, self.store, self.bus)
            self.rooms["web"] = Web(settings, self.store, self.bus, player, reactor, replays)

    def start(self) -> None:
        """Start everything; a room that cannot start ends the process with a clear line."""
        self.bus.start()
        self.relay.start()
        for name, room in self.rooms.items():
            self._started(name, maybeDeferred(room.start))
        self.reactor.addSystemEventTrigger("before", "shutdown", self.stop)

    def _admit(self) -> None:
        """Let the broker know which handsets may come in."""
        from conf.broker import reload_broker
        from schema.desk.handsets import enrolled

        with self.store.read() as session:
            handsets = enrolled(session)
        reload_broker(self.settings, handsets)

    async def _stop_rooms(self) -> None:
        for name, room in reversed(self.rooms.items()):
            try:
                await maybeDeferred(room.stop)
            except Exception:
                log.exception("room did not stop cleanly", room=name)

    def stop(self) -> "Deferred[None]":
        """Stop the rooms in reverse order, then what they stand on."""
        done = Deferred.fromCoroutine(self._stop_rooms())
        done.addCallback(lambda _: self._stop_ground())
        return done

    def _stop_ground(self) -> None:
        self.relay.stop()
        self.bus.stop()
        self.store.close()

    def _started(self, name: str, done: "Deferred[Any]") -> None:
        def failed(failure: Any) -> None:
            log.error("room cannot start", room=name, reason=str(failure.value))
            self.exit_code = 1
            if self.reactor.running:
                self.reactor.stop()

        done.addErrback(failed)

    exit_code = 0


def run(settings: Settings, roles: Collection[str]) -> int:
    """Run the rooms of `roles` in this process until SIGTERM or SIGINT; returns the exit code."""
    share_heaps()
    from twisted.internet import asyncioreactor

    asyncioreactor.install()
    from twisted.internet import reactor

    process = Process(settings, roles, reactor)
    # With the asyncio reactor "when running" is still before its loop runs; the first turn of the loop is not.
    reactor.callLater(0, process.start)
    settle()
    Tidying(reactor).start()
    reactor.run()
    return process.exit_code
