"""The telephone room: ears, tape, floor, routing, the net, the ledger and orders, put together for one PBX."""

import asyncio
import fcntl
import os
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

from conf.settings import Settings
from cti import checkpoint, past
from cti.ami import message
from cti.board import Board, Shouter
from cti.control import Control
from cti.ears import Ears
from cti.endpoints import Endpoints
from cti.errands import Errands
from cti.floor import Floor
from cti.gaps import Gaps
from cti.handoff import Handoff
from cti.hears import Hearing
from cti.keeper import Keeper
from cti.ledger import Ledger
from cti.link import Mouth
from cti.memory import Memory
from cti.notes import Note
from cti.rescue import GRACE, Rescue
from cti.routing import Routing
from cti.tape import Heard, Mark, Reader, Tape, new_epoch, prune
from cti.twin import Entry, Seat, changed_seats
from cti.visits import Visits
from cti.watch import Watch
from schema.bus import Bus
from schema.desk import marks
from schema.facts import Fact
from schema.ids import uuid7
from schema.store import Store, StoreUnreachable

PRUNE_EVERY = 600.0
CALENDARS_EVERY = 60.0
Read = TypeVar("Read")
LOOPBACK = "127.0.0.1"  # where AMI listens, whatever address SIP has
log = structlog.get_logger()


class Cti:
    """One PBX's telephone room. Everything but the ledger's and the bus's own threads runs on the reactor."""

    def __init__(self, settings: Settings, store: Store, bus: Bus, reactor: Any) -> None:
        self._settings, self._store, self._bus, self._reactor = settings, store, bus, reactor
        pbx = settings.pbx
        self.node = pbx.node
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._siblings: list[Cti] = []
        self._lock = -1
        self._tape: Tape | None = None
        self._tape_ok = True
        self._hearing_now = False
        self._notes: list[Note] = []
        self.ledger: Ledger | None = None
        self._handoff: Handoff | None = None
        self.floor = Floor(store.zone, settings.acd.wrap_up)
        self.hearing = Hearing(self.node, Memory())
        self.ears = Ears(
            reactor, LOOPBACK, pbx.ami_port, pbx.ears_secret, heard=self._take, changed=self._ears_changed
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
            self.hearing, self.mouth, store, caller=settings.site.hotline, clock=reactor, spawn=self.spawn,
            progress=lambda *said: self.errands.progress(*said), up=self.keeper.until_up,
        )  # fmt: skip
        self.control = Control(
            self.hearing, self.floor, self.mouth, caller=settings.site.hotline, write=self.write
        )
        self.rescue = Rescue(self.control, clock=reactor, spawn=self.spawn)
        self.errands = Errands(
            store, self.floor, self.hearing, self.mouth, endpoints, self.keeper, self.visits, self.control,
            Watch(self.control), self.rescue, settings, write=self.write, spawn=self.spawn, utc=_utc,
        )  # fmt: skip
        self.errands.also(self.routing.does)
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
        folder = self._settings.tape
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / f"{self.node}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RuntimeError(f"another process already keeps the tape of {self.node} in {folder}") from None
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
        rows = await self._read(lambda session: Mark(*marks.behind(session, self.node)))
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
        self._tape = Tape(folder, self.node, new_epoch(folder, self.node, max(known.mark, rows)))
        known = checkpoint.load(file, rows)  # the ledger has its own, and follows behind
        floor = Floor(zone, acd.wrap_up)
        floor.restore(known.floor)
        self._handoff = Handoff(reader.mark, lambda: checkpoint.packed(self.hearing.memory, self.floor.state))
        self.ledger = Ledger(
            self._store,
            Reader(folder, self.node, known.mark),
            self.node,
            known.memory,
            floor=floor,
            checkpoint=file,
            handoff=self._handoff,
        )
        self.ledger.start()
        self.routing.start(
            await self._read(lambda s: past.read(s, zone, self.routing.services, _utc(), acd.sticky_for))
        )
        self._shouter.full()
        self.ears.start()
        await self.mouth.connect()
        self._prune.start(PRUNE_EVERY)
        self._beats = int(_utc().timestamp())
        self._beat.start(self._settings.acd.beat_every)
        self.spawn(self.keeper.run())
        self.spawn(self.errands.run())
        self.spawn(self._follow_calendars())

    async def _follow_calendars(self) -> None:
        """A holiday that is entered today counts today."""
        while True:
            await asyncio.sleep(CALENDARS_EVERY)
            self.routing.waits.calendars = await self._read(
                lambda session: past.calendars(session, self._store.zone, self.routing.services)
            )

    async def _read(self, ask: Callable[[Session], Read]) -> Read:
        """What the database says, however long it takes to be there."""

        def read() -> Read:
            with self._store.read() as session:
                return ask(session)

        while True:
            try:
                return await asyncio.to_thread(read)
            except StoreUnreachable as error:
                log.warning("the telephone room waits for the database", reason=str(error))
                await asyncio.sleep(1)

    def stop(self) -> "Deferred[None]":
        """End everything; the ledger gets three seconds to write what is on the tape."""
        return Deferred.fromFuture(asyncio.get_running_loop().create_task(self._end()))

    async def _end(self) -> None:
        self._stopping = True
        for loop in (self._beat, self._prune):
            if loop.running:
                loop.stop()
        self.ears.stop()
        self.routing.stop()
        self.visits.stop()
        self.rescue.stop()
        self._shouter.stop()
        await self.mouth.close()
        for task in list(self._tasks):
            task.cancel()
        if self.ledger is not None:
            await asyncio.to_thread(self.ledger.stop)
        if self._tape is not None:
            self._tape.close()
        if self._lock >= 0:
            os.close(self._lock)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine, held until it is done; its failure is logged."""
        if self._stopping:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the telephone room stumbled", exc_info=error)

    # -- hearing ---------------------------------------------------------------------------------------------

    def write(self, note: Note) -> None:
        """Put a note of our own on the tape and hear it, after whatever is being heard now."""
        self._notes.append(note)
        if not self._hearing_now:
            self._take([], time.monotonic_ns(), _utc())

    def _take(self, events: list[bytes], monotonic: int, at: datetime) -> None:
        self._hearing_now = True
        changed = False
        try:
            while events or self._notes:
                notes, self._notes = self._notes, []
                entries: list[Entry] = []
                for frame in self._on_tape([*events, *(message(note) for note in notes)], monotonic, at):
                    told = [(fact, self._fact(fact)) for fact in self.hearing.hear(frame)]
                    changed = changed or bool(told)
                    if frame.sequence:
                        entries.append((Mark(frame.epoch, frame.sequence), told))
                if self._handoff is not None:
                    self._handoff.give(entries)
                events = []
        finally:
            self._hearing_now = False
        if self.ledger is not None:
            self.ledger.wake()
        if changed:
            self.router.offer()
            self._shouter.changed()

    def _on_tape(self, raw: list[bytes], monotonic: int, at: datetime) -> list[Heard]:
        if self._tape is None or self._stopping:
            return []
        try:
            stamped = self._tape.append(raw, monotonic, at)
            if not self._tape_ok:
                log.info("the tape takes events again")
            self._tape_ok = True
            return stamped
        except OSError as error:
            # Routing goes on: the callers matter more than their records.
            if self._tape_ok:
                log.error("the tape takes no events; calls go on unrecorded in the books", reason=str(error))
            self._tape_ok = False
            return [Heard(self.node, self._tape.epoch, 0, monotonic, at, event) for event in raw]

    def _fact(self, fact: Fact) -> list[Seat]:
        changed = self.floor.hear(fact)
        seats = changed_seats(self.floor, changed)
        self.routing.heard(fact, changed)
        self.visits.observed(fact)
        self.control.observed(fact)
        self.rescue.observed(fact)
        if (order := self.errands.observed(fact)) is not None:
            self.spawn(self.errands.progress(order, "observed"))
        if changed.seats:
            self.keeper.net_changed()
        return seats

    # -- the link --------------------------------------------------------------------------------------------

    @property
    def may_act(self) -> bool:
        """Whether the floor is what the PBX has: both sessions up, looked at since, and the figures add up."""
        return (
            self.keeper.link == "up" and self.mouth.state == "up" and self.floor.right and not self._stopping
        )

    def _ears_changed(self, up: bool) -> None:
        if up and self._tape is not None:
            self._tape.close()
            mark = Mark(self._tape.epoch, self._tape.sequence)
            self._tape = Tape(self._settings.tape, self.node, new_epoch(self._settings.tape, self.node, mark))
        (self._gaps.opened if up else self._gaps.lost)(_utc())
        self.keeper.ears = up
        self.keeper.link_changed()
        if not up and self._siblings:
            self._reactor.callLater(GRACE, self._tell_siblings)

    def _tell_siblings(self) -> None:
        if not self.keeper.ears and not self._stopping:
            for room in self._siblings:
                room.rescue.node_lost(self.node)

    def _link_changed(self) -> None:
        self._shouter.changed()
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
