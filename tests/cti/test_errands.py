import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from twisted.internet.task import Clock

from conf.settings import Settings
from cti import errands as room
from cti import notes
from cti.control import Control
from cti.endpoints import EndpointRefused, Endpoints, PbxAway
from cti.errands import Errands
from cti.link import ActionFailed
from cti.rescue import Rescue
from cti.watch import Watch
from schema.calls import SeatRow
from schema.ids import CallId, CaseId, uuid7
from schema.orders import CallCitizen, CloseSeat, HangUpSeat, MakeReady, OpenSeat, Order, Pause
from schema.outbox import OrderRow
from schema.store import Store
from tests.cti.fakeendpoints import FakeEndpoints
from tests.cti.fakemouth import FakeMouth
from tests.cti.loops import awaited
from tests.cti.play import LI, WANG, Caller, Play
from tests.patience import LONG

OPEN = OpenSeat(seat="101", user=WANG, name="Wang", digest="d" * 32)


class FakeKeeper:
    """Remembers which seats are being opened."""

    def __init__(self) -> None:
        self.opening: set[str] = set()


class FakeVisits:
    """Remembers which calls were to be placed."""

    def __init__(self) -> None:
        self.called: list[CallCitizen] = []
        self.resumed: list[tuple[CallCitizen, str]] = []

    async def call(self, order: CallCitizen) -> None:
        self.called.append(order)

    def resume(self, order: CallCitizen, state: str) -> None:
        self.resumed.append((order, state))


class Stage:
    """Errands at a play, before a PBX with seats."""

    def __init__(self, play: Play, store: Store) -> None:
        self.play, self.store = play, store
        self.mouth, self.endpoints, self.keeper, self.visits = (
            FakeMouth(),
            FakeEndpoints(),
            FakeKeeper(),
            FakeVisits(),
        )
        self.tasks: set[asyncio.Task[None]] = set()
        self.control = Control(play.hearing, play.floor, self.mouth, caller="12345", write=self.write)
        self.errands = Errands(
            store, play.floor, play.hearing, self.mouth, self.endpoints, self.keeper, self.visits,  # type: ignore[arg-type]
            self.control, Watch(self.control), Rescue(self.control, clock=Clock(), spawn=self.spawn), Settings(),
            write=self.write, spawn=self.spawn, utc=lambda: play.now,
        )  # fmt: skip
        self.done: list[UUID] = []

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def write(self, note: notes.Note) -> None:
        for fact in self.play.note(note):
            self.errands.observed(fact)

    def row(self, order: Order) -> OrderRow | None:
        with self.store.read() as session:
            return session.get(OrderRow, order.order)

    def state(self, order: Order) -> str:
        row = self.row(order)
        return row.state if row else ""

    def seat_row(self) -> SeatRow | None:
        with self.store.read() as session:
            return session.get(SeatRow, "101")

    async def gives(self, *orders: Order, until: str = "observed", says: str = "") -> None:
        """The orders are heard; run until the last has come so far, and the PBX was told to do `says`."""
        for order in orders:
            if self.errands.begin(order):
                self.errands.take(order)
        await self.runs(lambda: self.state(orders[-1]) == until and (not says or bool(self.mouth.of(says))))

    async def runs(self, until: Callable[[], bool]) -> None:
        task = asyncio.get_running_loop().create_task(self.errands.run())
        try:
            async with asyncio.timeout(LONG):
                while not until():  # noqa: ASYNC110 (the rows tell nobody when they change)
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()


@pytest.fixture
def stage(play: Play, store: Store) -> Stage:
    return Stage(play, store)


@pytest.fixture(params=["sqlite"])
def store_url(sqlite_url: str) -> str:
    """One database is enough here: the desks' tests try both."""
    return sqlite_url


@pytest.mark.parametrize("name", ["open", "close", "list"])
def test_the_fake_seats_are_like_the_real_ones(name: str) -> None:
    assert inspect.signature(getattr(FakeEndpoints, name)) == inspect.signature(getattr(Endpoints, name))


@awaited
async def test_a_seat_is_opened(stage: Stage) -> None:
    await stage.gives(OPEN)
    assert stage.endpoints.digests == {"101": "d" * 32}
    assert (stage.play.floor.seats["101"].state, stage.play.floor.seats["101"].user) == ("unreachable", WANG)
    row = stage.seat_row()
    assert row is not None and row.digest == "d" * 32
    assert stage.keeper.opening == set()


@awaited
async def test_a_pbx_that_starts_is_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    real = asyncio.sleep

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        await real(0.001)

    monkeypatch.setattr(room.asyncio, "sleep", nap)
    stage.endpoints.trouble = [PbxAway("away"), PbxAway("away")]
    await stage.gives(OPEN)
    assert stage.endpoints.asked == ["open 101"] * 3 and naps.count(1) == 2


@awaited
async def test_a_seat_that_the_pbx_refuses_is_not_open(stage: Stage) -> None:
    stage.play.seat("101", LI)
    stage.endpoints.trouble = [EndpointRefused("no")]
    await stage.gives(OPEN, until="failed")
    row = stage.row(OPEN)
    assert row is not None and row.reason == "no"
    assert stage.seat_row() is None and stage.play.floor.seats == {}


@awaited
async def test_a_seat_is_closed(stage: Stage) -> None:
    await stage.gives(OPEN, CloseSeat(seat="101"))
    assert stage.endpoints.there == {} and stage.play.floor.seats == {}


@awaited
@pytest.mark.parametrize("order", [OPEN, CloseSeat(seat="101")], ids=["opened", "closed"])
async def test_whoever_talks_with_a_seat_that_ends_goes_back_to_the_line_first(
    stage: Stage, caller: Caller, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    sent: list[object] = []
    for name in ("open", "close"):
        does = getattr(stage.endpoints, name)

        async def ends(*about: object, does: Any = does, **how: object) -> None:
            sent.extend((one["Channel"], one["Context"]) for one in stage.mouth.of("Redirect"))
            await does(*about, **how)

        monkeypatch.setattr(stage.endpoints, name, ends)
    await stage.gives(order)
    assert sent == [(caller.leg, "gridline-rescue")]


@awaited
async def test_a_seat_is_opened_though_its_citizen_has_just_gone(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    stage.mouth.reply = lambda action: ActionFailed("no such channel")
    await stage.gives(OPEN)
    assert stage.endpoints.asked == ["open 101"]


@awaited
async def test_ready_and_pause(stage: Stage) -> None:
    stage.play.seat("101", ready=False)
    await stage.gives(MakeReady(seat="101"))
    assert stage.play.floor.seats["101"].state == "ready"
    before = len(stage.play.tape)
    await stage.gives(MakeReady(seat="101"))
    assert len(stage.play.tape) == before
    await stage.gives(Pause(seat="101", reason="rest"))
    assert (stage.play.floor.seats["101"].state, stage.play.floor.seats["101"].paused) == ("paused", "rest")


@awaited
async def test_ready_ends_wrap_up(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.hangs_up(stage.play.brought(caller, "talking"))
    await stage.gives(MakeReady(seat="101"))
    assert stage.play.floor.seats["101"].state == "ready"


@pytest.mark.parametrize(
    "order", [MakeReady(seat="101"), Pause(seat="101", reason="rest"), HangUpSeat(seat="101")]
)
@awaited
async def test_what_cannot_be_done_says_why(stage: Stage, order: Order) -> None:
    await stage.gives(order, until="failed")
    row = stage.row(order)
    assert row is not None and row.reason in ("seat 101 is not open", "seat 101 has no call")


@awaited
async def test_a_seats_call_is_ended_and_seen_to_end(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    order = HangUpSeat(seat="101")
    await stage.gives(order, until="sent", says="Hangup")
    (said,) = stage.mouth.of("Hangup")
    assert said["Channel"] == caller.legs[0]
    (ended, *_) = stage.play.over(caller.legs[0])
    assert stage.errands.observed(ended) == order.order
    assert stage.errands.observed(ended) is None


@awaited
async def test_a_hang_up_that_is_refused_failed(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    stage.mouth.reply = lambda action: ActionFailed("no such channel")
    await stage.gives(HangUpSeat(seat="101"), until="failed")
    assert stage.errands.observed(stage.play.over(caller.legs[0])[0]) is None


@awaited
async def test_an_order_heard_twice_is_carried_out_once(stage: Stage) -> None:
    stage.errands.begin(OPEN)
    stage.errands.take(OPEN)
    stage.errands.take(OPEN)
    await stage.runs(lambda: stage.state(OPEN) == "observed")
    assert not stage.errands.begin(OPEN)
    assert stage.endpoints.asked == ["open 101"]


@awaited
async def test_one_that_fails_does_not_hold_up_the_next(stage: Stage) -> None:
    stage.play.seat(ready=False)
    await stage.gives(MakeReady(seat="999"), HangUpSeat(seat="999"), MakeReady(seat="101"))
    assert stage.play.floor.seats["101"].state == "ready"


@awaited
async def test_what_a_restart_finds_unfinished_is_carried_out(stage: Stage) -> None:
    visit = CallCitizen(number="13900000001", language="zh", case=CaseId(uuid7()))
    for order in (OPEN, visit):
        stage.errands.begin(order)
    again = Stage(stage.play, stage.store)
    await again.runs(lambda: again.state(OPEN) == "observed")
    assert again.visits.resumed == [(visit, "intent")] and again.visits.called == []
    again.errands.take(visit)  # the bus says it once more
    await again.gives(MakeReady(seat="101"))
    assert again.visits.called == []


@awaited
async def test_a_call_back_is_handed_to_the_visits(stage: Stage) -> None:
    visit = CallCitizen(number="13900000001", language="zh", case=CaseId(uuid7()))
    stage.play.seat(ready=False)
    await stage.gives(visit, MakeReady(seat="101"))
    assert stage.visits.called == [visit]
    assert stage.state(visit) == "intent"  # the visits write down how it went


@awaited
async def test_what_was_meant_for_one_call_does_not_hit_the_next(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    late = HangUpSeat(seat="101", during=CallId(uuid7()))
    await stage.gives(late, until="failed")
    row = stage.row(late)
    assert row is not None and row.reason == "that call is over at seat 101" and not stage.mouth.said
    await stage.gives(HangUpSeat(seat="101", during=caller.call), until="sent", says="Hangup")
