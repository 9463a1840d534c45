"""The telephone room: ears, tape, floor, routing, the net, the ledger and orders, put together for one PBX."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

from conf.settings import Settings
from cti import checkpoint, past
from cti.board import Board, Shouter
from cti.control import Control
from cti.ears import Ears
from cti.endpoints import Endpoints
from cti.errands import Errands
from cti.floor import Floor
from cti.gaps import Gaps
from cti.groups import Groups
from cti.hears import Hearing
from cti.intake import Intake
from cti.keeper import Keeper
from cti.ledger import Ledger
from cti.link import Mouth
from cti.memory import Memory
from cti.patience import patiently
from cti.pauses import Pauses
from cti.rescue import GRACE, Rescue
from cti.routing import Routing
from cti.tape import Heard, Mark, Reader, prune
from cti.tasks import Tasks
from cti.twin import Seat, Told, changed_seats
from cti.visits import Visits
from cti.watch import Watch
from schema.bus import Bus
from schema.desk import marks
from schema.facts import Fact
from schema.ids import uuid7
from schema.store import Store

PRUNE_EVERY = 600.0
CALENDARS_EVERY = 60.0
RECORDS_WAIT = 2.0  # seconds, for a floor that is right
LOOPBACK = "127.0.0.1"  # where AMI listens, whatever address SIP has


class Cti:
    """One PBX's telephone room. Everything but the ledger's and the bus's own threads runs on the reactor."""

    def __init__(self, settings: Settings, store: Store, bus: Bus, reactor: Any) -> None:
        self._settings, self._store, self._bus, self._reactor = settings, store, bus, reactor
        pbx = settings.pbx
        self.node = pbx.node
        self._tasks = Tasks()
        self.spawn = self._tasks.spawn
        self._siblings: list[Cti] = []
        self.ledger: Ledger | None = None
        self.intake = Intake(self.node, settings.tape, utc=_utc, hear=self._hear, heard=self._heard)
        self.write = self.intake.write
        self.floor = Floor(store.zone, settings.acd.wrap_up)
        self.hearing = Hearing(self.node, Memory())
        self.ears = Ears(
            reactor,
            LOOPBACK,
            pbx.ami_port,
            pbx.ears_secret,
            heard=self.intake.take,
            changed=self._ears_changed,
        )
        self.mouth = Mouth(
            LOOPBACK, pbx.ami_port, "mouth", pbx.mouth_secret, changed=lambda _: self.keeper.link_changed()
        )
        endpoints = Endpoints.of(pbx)
        self._gaps = Gaps(
            settings.var / "log" / pbx.folder / "cel-custom" / "Master.csv", pbx.trunk_user, settings.queues[0],
            lambda: self.hearing.memory,
        )  # fmt: skip
        self.keeper = Keeper(
            self.hearing, self.floor, self.mouth, endpoints, store, settings.queues,
            write=self.write, changed=self._link_changed, gaps=self._gaps,
        )  # fmt: skip
        self.routing = Routing(
            settings, self.floor, self.mouth, clock=reactor, utc=_utc, spawn=self.spawn, write=self.write,
            may_act=lambda: self.may_act, look=self.keeper.look_now,
        )  # fmt: skip
        self.router = self.routing.router
        self.visits = Visits(
            self.hearing, self.mouth, store, caller=settings.site.hotline, shown=settings.caller_of, clock=reactor,
            spawn=self.spawn, progress=lambda *said: self.errands.progress(*said), up=self.keeper.until_up,
        )  # fmt: skip
        self.control = Control(
            self.hearing, self.floor, self.mouth, caller=settings.site.hotline, write=self.write,
            shown=settings.caller_of,
        )  # fmt: skip
        self.rescue = Rescue(self.control, clock=reactor, spawn=self.spawn)
        self.pauses = Pauses(
            self.hearing, self.mouth, settings.recordings.pause_seconds, clock=reactor, utc=_utc, write=self.write,
            spawn=self.spawn,
        )  # fmt: skip
        self.errands = Errands(
            store, self.floor, self.hearing, self.mouth, endpoints, self.keeper, self.visits, self.control,
            Watch(self.control), self.rescue, settings, write=self.write, spawn=self.spawn, utc=_utc,
        )  # fmt: skip
        self.errands.also(self.routing.does)
        self.errands.also(Groups(self.mouth, caller=settings.site.hotline).does)
        self._shouter = Shouter(
            Board(self.node, str(uuid7())), lambda message: bus.shout("floor", message),
            lambda: (self.floor, self.keeper.link), reactor, _utc,
        )  # fmt: skip
        self._beat = LoopingCall(self._tell_beat)
        self._beat.clock = reactor
        self._beats = 0
        self._prune = LoopingCall(self._prune_tape)
        self._prune.clock = reactor
        bus.subscribe(
            f"cti-{self.node}", self.errands.kinds, lambda envelope: self._on_order(envelope.message)
        )
        bus.hear("floor?", lambda _: reactor.callFromThread(self._shouter.full))

    # -- start and stop --------------------------------------------------------------------------------------

    def start(self) -> "Deferred[None]":
        """Begin; fires at once. The floor is up when the database and the PBX are."""
        self.intake.claim()
        # A turn later: while the reactor starts its loop does not run yet.
        self._reactor.callLater(0, lambda: self.spawn(self._begin()))
        done: Deferred[None] = Deferred()
        done.callback(None)
        return done

    def meet(self, siblings: "list[Cti]") -> None:
        """These are the rooms of the site's other PBXs in this process."""
        self._siblings = siblings
        self.router.span([room.router for room in siblings])

    async def _begin(self) -> None:
        zone, acd, folder = self._store.zone, self._settings.acd, self._settings.tape
        rows = await patiently(self._store, lambda session: Mark(*marks.behind(session, self.node)))
        file = checkpoint.file_of(folder, self.node)
        known = checkpoint.load(file, rows)
        self.hearing.memory = known.memory
        self.floor.restore(known.floor)
        reader = Reader(folder, self.node, known.mark)
        while frames := reader.read():
            for fact in (fact for frame in frames for fact in self.hearing.hear(frame)):
                self.floor.hear(fact)
            await asyncio.sleep(0)  # without a checkpoint this is the whole tape: others have their turn
        reader.close()
        handoff = self.intake.open(
            max(known.mark, rows),
            reader.mark,
            lambda: checkpoint.packed(self.hearing.memory, self.floor.state),
        )
        known = checkpoint.load(file, rows)  # the ledger has its own, and follows behind
        floor = Floor(zone, acd.wrap_up)
        floor.restore(known.floor)
        self.ledger = Ledger(
            self._store, Reader(folder, self.node, known.mark), self.node, known.memory, floor=floor, checkpoint=file,
            handoff=handoff,
        )  # fmt: skip
        self.spawn(self._start(self.ledger))
        self.routing.start(
            await patiently(
                self._store, lambda s: past.read(s, zone, self.routing.services, _utc(), acd.sticky_for)
            )
        )
        self._shouter.full()
        self.ears.start()
        await self.mouth.connect()
        self._prune.start(PRUNE_EVERY)
        self._beats = int(_utc().timestamp())
        self._beat.start(self._settings.acd.beat_every)
        self.pauses.start()
        self.spawn(self.keeper.run())
        self.spawn(self.errands.run())
        self.spawn(self._follow_calendars())

    async def _start(self, ledger: Ledger) -> None:
        """The records can wait, the tape has everything: first the floor is right, if that takes no longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(RECORDS_WAIT):
                await self.keeper.until_up()
        ledger.start()

    async def _follow_calendars(self) -> None:
        """A holiday that is entered today counts today."""
        while True:
            await asyncio.sleep(CALENDARS_EVERY)
            self.routing.waits.calendars = await patiently(
                self._store, lambda session: past.calendars(session, self._store.zone, self.routing.services)
            )

    def stop(self) -> "Deferred[None]":
        """End everything; the ledger gets three seconds to write what is on the tape."""
        return Deferred.fromFuture(asyncio.get_running_loop().create_task(self._end()))

    async def _end(self) -> None:
        self._tasks.shut()
        self.intake.stop()
        for loop in (self._beat, self._prune):
            if loop.running:
                loop.stop()
        self.ears.stop()
        self.routing.stop()
        for one in (self.visits, self.rescue, self.pauses):
            one.stop()
        self._shouter.stop()
        await self.mouth.close()
        self._tasks.cancel()
        if self.ledger is not None:
            self.ledger.start()
            await asyncio.to_thread(self.ledger.stop)
        self.intake.close()

    # -- hearing ---------------------------------------------------------------------------------------------

    def _hear(self, frame: Heard) -> Told:
        return [self._told(fact) for fact in self.hearing.hear(frame)]

    def _told(self, fact: Fact) -> tuple[Fact, list[Seat]]:
        changed = self.floor.hear(fact)
        seats = changed_seats(self.floor, changed)
        self.routing.heard(fact, changed)
        for one in (self.visits, self.control, self.rescue, self.pauses):
            one.observed(fact)
        if (order := self.errands.observed(fact)) is not None:
            self.spawn(self.errands.progress(order, "observed"))
        if changed.seats:
            self.keeper.net_changed()
        return fact, seats

    def _heard(self, changed: bool) -> None:
        if self.ledger is not None:
            self.ledger.wake()
        if changed:
            self.router.offer()
            self._shouter.changed()

    # -- the link --------------------------------------------------------------------------------------------

    @property
    def may_act(self) -> bool:
        """Whether the floor is what the PBX has: both sessions up, looked at since, and the figures add up."""
        return (
            self.keeper.link == "up"
            and self.mouth.state == "up"
            and self.floor.right
            and not self._tasks.over
        )

    def _ears_changed(self, up: bool) -> None:
        if up:
            self.intake.turn()
        (self._gaps.opened if up else self._gaps.lost)(_utc())
        self.keeper.ears = up
        self.keeper.link_changed()
        if not up and self._siblings:
            self._reactor.callLater(GRACE, self._tell_siblings)

    def _tell_siblings(self) -> None:
        if not self.keeper.ears and not self._tasks.over:
            for room in self._siblings:
                room.rescue.node_lost(self.node)

    def _link_changed(self) -> None:
        self._shouter.at_once()
        self.router.offer()

    def _tell_beat(self) -> None:
        if self.may_act:
            self.spawn(self.keeper.beat(self._next_beat()))

    def _next_beat(self) -> int:
        self._beats += 1
        return self._beats

    def _prune_tape(self) -> None:
        pbx, ledger = self._settings.pbx, self.ledger
        if ledger is not None:
            prune(
                self._settings.tape, self.node, ledger.kept, days=pbx.tape_days, megabytes=pbx.tape_megabytes
            )

    def _on_order(self, order: Any) -> None:
        """On a bus thread: the intent is written before anything is done about it."""
        if self.errands.begin(order):
            self._reactor.callFromThread(self.errands.take, order)


def join(rooms: Sequence[Cti]) -> None:
    """Let the rooms of several PBXs route together: a caller of one gets an idle seat of another."""
    for room in rooms:
        room.meet([other for other in rooms if other is not room])


def _utc() -> datetime:
    return datetime.now(UTC)
