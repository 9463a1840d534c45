import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cti import restore
from cti.ledger import Ledger
from cti.memory import Memory
from cti.tape import Mark, Reader, Tape, new_epoch
from schema.calls import CallRow, CallStep, LegRow, TapeMark
from schema.desk import seats
from schema.facts import Fact
from schema.ids import uuid7
from schema.orders import OpenSeat
from schema.outbox import OutboxRow
from schema.store import Store, StoreUnreachable, UnitOfWork
from tests.cti.play import NOON, WANG, Caller, Play


class Stage:
    """A play that is taped, and ledgers that write it down."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.play = Play()
        self.tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", Mark()))
        self._taped = 0
        self._ledgers: list[Ledger] = []

    def taped(self) -> None:
        """Put what was played since on the tape."""
        for frame in self.play.tape[self._taped :]:
            self.tape.append([frame.raw], frame.monotonic, frame.at)
        self._taped = len(self.play.tape)

    def ledger(self) -> Ledger:
        """A ledger as a process that starts has it: from the rows."""
        with self.store.read() as session:
            rows = restore.read(session, "pbx1", NOON.replace(hour=0))
        ledger = Ledger(self.store, Reader(self.folder, "pbx1", rows.mark), "pbx1", restore.memory(rows))
        self._ledgers.append(ledger)
        return ledger

    def close(self) -> None:
        for ledger in self._ledgers:
            ledger.stop(0.1)
        self.tape.close()

    def written(self) -> dict[str, Any]:
        """Everything there is, in order, without what chance or the clock of the store put there."""
        with self.store.read() as session:

            def every(table: Any, *but: str) -> list[tuple[Any, ...]]:
                names = [c.key for c in table.__table__.columns if c.key not in but]
                rows = session.scalars(select(table).order_by(*table.__table__.primary_key.columns))
                return [tuple(getattr(row, name) for name in names) for row in rows]

            return {
                "calls": every(CallRow), "legs": every(LegRow), "steps": every(CallStep, "id"),
                "said": [
                    (o.name, o.at, o.contact, o.body)
                    for o in session.scalars(select(OutboxRow).order_by(OutboxRow.id))
                ],
            }  # fmt: skip


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(store, tmp_path / "tape")
    yield stage
    stage.close()


def a_busy_hour(play: Play) -> None:
    play.seat()
    for stage in ("ivr", "queue", "net", "ringing", "talking"):
        caller = play.brought(Caller(stage), stage)
        play.wait(3)
        if stage == "talking":
            play.told(
                caller,
                "Recording",
                leg=caller.legs[0],
                Name=f"{caller.id}_{caller.call}_101_{caller.legs[0]}",
                Seat="101",
            )
        if stage == "ringing":
            play.fails(caller)
            play.waits(caller, returning=True)
        play.wait(3)
        play.hangs_up(caller)


def test_a_tape_becomes_rows_and_facts(stage: Stage) -> None:
    a_busy_hour(stage.play)
    stage.taped()
    ledger = stage.ledger()
    while ledger.step():
        pass
    written = stage.written()
    assert [o[0] for o in written["said"]] == [type(fact).__name__ for fact in stage.play.facts]
    with stage.store.read() as session:
        rows = {row.number: (row.stage, row.outcome) for row in session.scalars(select(CallRow))}
    assert rows == {
        "ivr": ("ivr", "abandoned"), "queue": ("queue", "abandoned"), "net": ("net", "abandoned"),
        "ringing": ("queue", "abandoned"), "talking": ("talking", "answered"),
    }  # fmt: skip
    assert not ledger.step()


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_a_crash_between_any_two_batches_changes_nothing(
    stage: Stage, store: Store, tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_busy_hour(stage.play)
    stage.taped()
    monkeypatch.setattr("cti.ledger.BATCH", batch)
    while (ledger := stage.ledger()).step():  # every batch by a process of its own
        pass
    written = stage.written()
    said = [(type(f).__name__, f.at, f.contact) for f in stage.play.facts]
    assert [o[:3] for o in written["said"]] == said
    assert len({step[2] for step in written["steps"]}) == len(written["steps"])
    assert ledger.mark == Mark(stage.tape.epoch, stage.tape.sequence)


@contextmanager
def failing(store: Store, error: Exception, *, after_commit: bool, times: int) -> Iterator[list[int]]:
    """The store fails so many times, before or after the commit."""
    real, left = store.work, [times]

    @contextmanager
    def work() -> Iterator[Any]:
        if left[0] and not after_commit:
            left[0] -= 1
            raise error
        with real() as unit:
            yield unit
        if left[0]:
            left[0] -= 1
            raise error

    store.work = work  # type: ignore[method-assign, assignment]
    try:
        yield left
    finally:
        store.work = real  # type: ignore[method-assign]


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_database_that_goes_away_loses_and_doubles_nothing(
    stage: Stage, after_commit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.ledger.FIRST_WAIT", 0.01)
    a_busy_hour(stage.play)
    stage.taped()
    ledger = stage.ledger()
    with failing(stage.store, StoreUnreachable("away"), after_commit=after_commit, times=3) as left:
        while ledger.step():
            pass
    assert left == [0]
    assert [o[0] for o in stage.written()["said"]] == [type(fact).__name__ for fact in stage.play.facts]


def test_it_follows_the_tape_on_its_own_thread_and_stops_when_all_is_written(stage: Stage) -> None:
    ledger = stage.ledger()
    ledger.start()
    a_busy_hour(stage.play)
    stage.taped()
    ledger.wake()
    assert ledger.caught_up(10)
    stage.play.brought(Caller("last"), "queue")
    stage.taped()
    ledger.stop()
    assert [o[0] for o in stage.written()["said"]] == [type(fact).__name__ for fact in stage.play.facts]
    assert threading.active_count() < 50


def test_it_can_be_stopped_while_the_database_is_away(stage: Stage) -> None:
    ledger = stage.ledger()
    with failing(stage.store, StoreUnreachable("away"), after_commit=False, times=10**9):
        ledger.start()
        a_busy_hour(stage.play)
        stage.taped()
        began = time.monotonic()
        ledger.stop(0.5)
        assert time.monotonic() - began < 5
    while (again := stage.ledger()).step():
        pass
    assert again.mark.sequence == stage.tape.sequence
    assert [o[0] for o in stage.written()["said"]] == [type(fact).__name__ for fact in stage.play.facts]


def test_a_fact_that_cannot_be_written_does_not_hold_up_the_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = Caller("good"), Caller("bad")
    stage.play.calls(bad)
    stage.play.calls(good)
    stage.taped()
    real: Callable[..., None] = Ledger._record

    def record(self: Ledger, work: UnitOfWork, fact: Fact) -> None:
        real(self, work, fact)
        if fact.contact == bad.id:
            work.session.add(LegRow(node="pbx1", leg="x", call=uuid7(), kind="seat", started_at=NOON))

    monkeypatch.setattr(Ledger, "_record", record)
    ledger = stage.ledger()
    while ledger.step():
        pass
    with stage.store.read() as session:
        assert [row.number for row in session.scalars(select(CallRow))] == ["good"]
        mark = session.get(TapeMark, "pbx1")
    assert mark is not None and mark.sequence == stage.tape.sequence


def test_a_rating_for_a_case_that_is_not_there_is_no_trouble(stage: Stage) -> None:
    caller = stage.play.brought(Caller(), "ivr")
    stage.play.told(caller, "RatingGiven", Case=str(uuid7()), Score="1")
    stage.taped()
    ledger = stage.ledger()
    while ledger.step():
        pass
    assert stage.written()["said"][-1][0] == "RatingGiven"


def test_restored_memory_and_floor_are_those_that_were_lost(stage: Stage) -> None:
    with stage.store.work() as work:
        seats.prepare(work, OpenSeat(seat="101", user=WANG, name="Wang", digest="0" * 32), "pbx1")
    play = stage.play
    a_busy_hour(play)
    play.note({"Event": "Note", "What": "WrapUpEnded", "Seat": "101", "By": "timer"})
    waits, talks = play.brought(Caller("w"), "queue"), play.brought(Caller("t"), "talking")
    play.told(
        talks, "Recording", leg=talks.legs[0], Name=f"{talks.id}_{talks.call}_101_{talks.legs[0]}", Seat="101"
    )
    stage.taped()
    ledger = stage.ledger()
    while ledger.step():
        pass
    with stage.store.read() as session:
        rows = restore.read(session, "pbx1", NOON.replace(hour=0))
    memory, floor = restore.memory(rows), restore.floor(rows, play.floor._zone, play.now)
    assert memory.calls == play.hearing.memory.calls
    assert memory.legs.keys() == play.hearing.memory.legs.keys()
    assert memory.users == play.hearing.memory.users
    assert (floor.figures, floor.right, floor.day) == (play.floor.figures, True, play.floor.day)
    for call in (waits.call, talks.call):
        lost, found = play.floor.calls[call], floor.calls[call]
        for name in (
            "contact",
            "number",
            "stage",
            "queue",
            "language",
            "leg",
            "seat",
            "counted",
            "waiting_since",
            "since",
        ):
            assert getattr(found, name) == getattr(lost, name), name
    seat = floor.seats["101"]
    assert (seat.state, seat.call, seat.number, seat.paused, seat.reachable) == (
        "talking",
        talks.call,
        "t",
        "",
        True,
    )


def test_nothing_is_restored_from_nothing(store: Store) -> None:
    with store.read() as session:
        rows = restore.read(session, "pbx1", NOON)
    assert restore.memory(rows) == Memory()
    floor = restore.floor(rows, Play().floor._zone, NOON)
    assert (floor.calls, floor.seats, floor.right) == ({}, {}, True)
