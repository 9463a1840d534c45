import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from pytest_twisted import ensureDeferred
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from conf.settings import Settings
from cti import notes, service
from cti.ami import message
from cti.service import Cti
from cti.tape import Mark, Reader, Tape, new_epoch
from demo.workdays import city_calendar
from schema.bus import Handler, LiveHandler
from schema.desk import marks
from schema.desk.deadlines import keep_calendar
from schema.ids import CaseId, uuid7
from schema.orders import CallCitizen, MakeReady
from schema.outbox import OrderRow
from schema.store import Store, StoreUnreachable
from tests.cti.play import NOON, WANG


class FakeBus:
    """A bus that only remembers."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.live: dict[str, LiveHandler] = {}
        self.shouted: list[dict[str, Any]] = []

    def subscribe(self, group: str, kinds: Any, handler: Handler, *, durable: bool = True) -> None:
        self.handlers[group] = handler

    def hear(self, topic: str, handler: LiveHandler) -> None:
        self.live[topic] = handler

    def shout(self, topic: str, payload: bytes) -> None:
        assert topic == "floor"
        if not (message := msgspec.json.decode(payload)).get("beat"):
            self.shouted.append(message)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """One database is enough here: the ledger's tests try both."""
    return sqlite_url


def pause(seconds: float = 0.02) -> "Deferred[None]":
    return deferLater(reactor, seconds, lambda: None)  # type: ignore[arg-type]


async def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = reactor.seconds() + seconds  # type: ignore[attr-defined]
    while not holds():
        assert reactor.seconds() < end, "it never came to hold"  # type: ignore[attr-defined]
        await pause()


def room(site: Settings, store: Store) -> tuple[Cti, FakeBus]:
    bus = FakeBus()
    return Cti(site, store, bus, reactor), bus  # type: ignore[arg-type]


@ensureDeferred
async def test_without_a_pbx_it_waits_shows_the_link_down_and_stops_cleanly(
    site: Settings, store: Store
) -> None:
    cti, bus = room(site, store)
    await cti.start()
    await until(lambda: bool(bus.shouted))
    assert (bus.shouted[0]["full"], bus.shouted[0]["link"], cti.may_act) == (True, "down", False)
    bus.live["floor?"](b"")
    await until(lambda: len(bus.shouted) == 2)
    assert bus.shouted[1]["full"]
    await cti.stop()
    before = len(bus.shouted)
    await pause(0.3)
    assert len(bus.shouted) == before


@ensureDeferred
async def test_what_is_noted_is_taped_heard_and_written(site: Settings, store: Store) -> None:
    cti, bus = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)
    cti.write(notes.seat_opened("101", WANG, "Wang"))
    assert cti.floor.seats["101"].user == WANG
    await until(lambda: any("101" in m["seats"] for m in bus.shouted))
    await cti.stop()
    with store.read() as session:
        epoch, sequence = marks.behind(session, site.pbx.node)
    assert sequence == 1
    reader = Reader(site.tape, site.pbx.node, Mark())
    (frame,) = reader.read()
    reader.close()
    assert (frame.epoch, frame.sequence) == (epoch, 1) and b"SeatOpened" in frame.raw


@ensureDeferred
async def test_the_records_wait_for_a_floor_that_is_right_but_not_for_a_pbx_that_is_away(
    site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RECORDS_WAIT", 0.5)
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)
    cti.write(notes.seat_opened("101", WANG, "Wang"))

    def written() -> int:
        with store.read() as session:
            return marks.behind(session, site.pbx.node)[1]

    await pause(0.2)
    assert written() == 0 and cti.keeper.link == "down"
    await until(lambda: written() == 1, 5)
    await cti.stop()


@ensureDeferred
async def test_a_note_written_while_hearing_comes_after_what_is_heard(site: Settings, store: Store) -> None:
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)
    heard: list[str] = []
    real = cti.router.heard

    def router_heard(fact: Any) -> None:
        real(fact)
        heard.append(type(fact).__name__)
        if len(heard) == 1:
            cti.write(notes.seat_paused("101", "rest"))

    cti.router.heard = router_heard  # type: ignore[method-assign]
    cti.write(notes.seat_opened("101", WANG, "Wang"))
    assert heard == ["SeatOpened", "SeatPaused"]
    await cti.stop()


@ensureDeferred
async def test_a_process_that_dies_leaves_a_tape_from_which_the_next_goes_on(
    site: Settings, store: Store
) -> None:
    first, _ = room(site, store)
    await first.start()
    await until(lambda: first.ledger is not None)
    assert first.ledger is not None
    first.ledger.step = lambda: False  # type: ignore[method-assign]  # nothing reaches the rows any more
    await pause(0.05)
    first.write(notes.seat_opened("101", WANG, "Wang"))
    first.write(notes.seat_ready("101"))
    await first.stop()
    second, _ = room(site, store)
    await second.start()
    await until(lambda: second.ledger is not None)
    assert second.floor.seats["101"].paused == ""
    await second.stop()


@ensureDeferred
async def test_one_tape_has_one_writer(site: Settings, store: Store) -> None:
    first, _ = room(site, store)
    await first.start()
    second, _ = room(site, store)
    with pytest.raises(RuntimeError, match="already keeps the tape"):
        second.start()
    await second.stop()
    other, _ = room(replace(site, pbx=replace(site.pbx, node="pbx2")), store)
    await other.start()
    await other.stop()
    await first.stop()


@ensureDeferred
async def test_it_waits_for_a_database_that_is_away(
    site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = store.read, [1]

    def read() -> Any:
        if away:
            away.pop()
            raise StoreUnreachable("away")
        return real()

    monkeypatch.setattr(store, "read", read)
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)
    await cti.stop()


@ensureDeferred
async def test_a_tape_that_takes_nothing_does_not_stop_the_floor(site: Settings, store: Store) -> None:
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)

    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    assert cti.intake.tape is not None
    real, cti.intake.tape.append = cti.intake.tape.append, full  # type: ignore[method-assign]
    cti.write(notes.seat_opened("101", WANG, "Wang"))
    assert "101" in cti.floor.seats
    cti.intake.tape.append = real  # type: ignore[method-assign]
    cti.write(notes.seat_ready("101"))
    assert cti.floor.seats["101"].paused == ""
    await cti.stop()


@ensureDeferred
async def test_an_order_is_written_before_anything_is_done_about_it(site: Settings, store: Store) -> None:
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: cti.ledger is not None)
    cti.write(notes.seat_opened("101", WANG, "Wang"))
    order = MakeReady(seat="101")
    visit = CallCitizen(number="13900000001", language="zh", case=CaseId(uuid7()))
    for each in (order, visit):
        await Deferred.fromFuture(
            asyncio.get_running_loop().create_task(asyncio.to_thread(cti._on_order, each))
        )

    def state(one: MakeReady | CallCitizen) -> str:
        with store.read() as session:
            row = session.get(OrderRow, one.order)
        return row.state if row else ""

    await until(lambda: state(order) == "observed")
    await until(lambda: state(visit) == "failed")  # there is no PBX that would call
    assert cti.floor.seats["101"].paused == ""
    await cti.stop()


@ensureDeferred
async def test_a_holiday_entered_today_counts_today(
    site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CALENDARS_EVERY", 0.05)
    cti, _ = room(site, store)
    await cti.start()
    await until(lambda: bool(cti.routing.waits.calendars))
    assert not cti.routing.waits.calendars["city"].days_off
    with store.work() as work:
        keep_calendar(work, city_calendar(site.site.zone))
    await until(lambda: bool(cti.routing.waits.calendars["city"].days_off))
    await cti.stop()


@ensureDeferred
async def test_a_long_tape_is_heard_in_pieces(site: Settings, store: Store) -> None:
    """Without a checkpoint a start hears all of the tape; the reactor has its turns meanwhile."""
    site.tape.mkdir(parents=True, exist_ok=True)
    tape = Tape(site.tape, site.pbx.node, new_epoch(site.tape, site.pbx.node, Mark()))
    frames = [message(notes.seat_opened(str(seat), WANG, "Wang")) for seat in range(1000, 6000)]
    tape.append(frames, 0, NOON)
    tape.close()
    cti, _ = room(site, store)
    sizes: set[int] = set()

    def look() -> None:
        sizes.add(len(cti.floor.seats))
        if cti.ledger is None:
            reactor.callLater(0, look)  # type: ignore[attr-defined]

    await cti.start()
    look()
    await until(lambda: cti.ledger is not None)
    assert len(cti.floor.seats) == len(frames)
    assert len(sizes - {0, len(frames)}) >= 5
    await cti.stop()
