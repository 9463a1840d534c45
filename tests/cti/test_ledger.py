import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cti import checkpoint
from cti.floor import Floor
from cti.ledger import Ledger
from cti.tape import Mark, Reader, Tape, new_epoch
from schema.base import table_of
from schema.calls import (
    CallRow,
    CallStep,
    LegRow,
    QueueEntryRow,
    SeatSpellRow,
    SegmentRow,
    TapeMark,
    TransferRow,
)
from schema.desk import marks
from schema.desk.books import UNSAID, Books
from schema.facts import Fact
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.store import Store, StoreUnreachable
from tests.cti.play import NOON, ZONE, Caller, Play


class Stage:
    """A play that is taped, and ledgers that write it down."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.checkpoint = checkpoint.file_of(folder, "pbx1")
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
        """A ledger as a process that starts has it: with what the checkpoint tells."""
        with self.store.read() as session:
            mark = Mark(*marks.behind(session, "pbx1"))
        known = checkpoint.load(self.checkpoint, mark)
        floor = Floor(ZONE)
        floor.restore(known.floor)
        reader = Reader(self.folder, "pbx1", known.mark)
        ledger = Ledger(self.store, reader, "pbx1", known.memory, floor=floor, checkpoint=self.checkpoint)
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
                names = [c.key for c in table_of(table).columns if c.key not in but]
                rows = session.scalars(select(table).order_by(*table_of(table).primary_key.columns))
                return [tuple(getattr(row, name) for name in names) for row in rows]

            return {
                "calls": every(CallRow), "legs": every(LegRow), "steps": every(CallStep, "id"),
                "entries": every(QueueEntryRow), "segments": every(SegmentRow), "spells": every(SeatSpellRow),
                "transfers": every(TransferRow),
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


def ledger_all(stage: Stage) -> None:
    """Everything on the tape into the rows, undisturbed."""
    ledger = stage.ledger()
    while ledger.step():
        pass


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


def said(play: Play) -> list[str]:
    """The facts that somebody is told of."""
    return [type(fact).__name__ for fact in play.facts if type(fact) not in UNSAID]


def test_a_tape_becomes_rows_and_facts(stage: Stage) -> None:
    a_busy_hour(stage.play)
    stage.taped()
    ledger = stage.ledger()
    while ledger.step():
        pass
    written = stage.written()
    assert [o[0] for o in written["said"]] == said(stage.play)
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
    told = [(type(f).__name__, f.at, f.contact) for f in stage.play.facts if type(f) not in UNSAID]
    assert [o[:3] for o in written["said"]] == told
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

    store.work = work  # type: ignore[method-assign]
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
    assert [o[0] for o in stage.written()["said"]] == said(stage.play)


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
    assert [o[0] for o in stage.written()["said"]] == said(stage.play)
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
    assert [o[0] for o in stage.written()["said"]] == said(stage.play)


def test_a_fact_that_cannot_be_written_does_not_hold_up_the_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = Caller("good"), Caller("bad")
    stage.play.calls(bad)
    stage.play.calls(good)
    stage.play.waits(good)
    stage.taped()
    real: Callable[[Books, Fact], None] = Books.hear

    def hear(self: Books, fact: Fact) -> None:
        real(self, fact)
        if fact.contact == bad.id:
            self.calls.legs.add("x", node="pbx1", leg="x", call=uuid7(), kind="seat", started_at=NOON)

    monkeypatch.setattr(Books, "hear", hear)
    ledger = stage.ledger()
    while ledger.step():
        pass
    with stage.store.read() as session:
        assert [(row.number, row.stage) for row in session.scalars(select(CallRow))] == [("good", "queue")]
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


def test_the_tape_is_needed_from_the_checkpoint_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    a_busy_hour(stage.play)
    stage.taped()
    monkeypatch.setattr("cti.ledger.CHECKPOINT_EVERY", 3600.0)
    ledger = stage.ledger()
    ledger.step(most=5)
    first = ledger.kept
    assert first == ledger.mark == checkpoint.load(stage.checkpoint, ledger.mark).mark
    ledger.step(most=5)
    assert ledger.kept == first < ledger.mark
    monkeypatch.setattr("cti.ledger.CHECKPOINT_EVERY", 0.0)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("cti.checkpoint.save", full)
        ledger.step(most=5)
    assert ledger.kept == first  # the books go on all the same
    ledger.step(most=5)
    assert ledger.kept == ledger.mark


def test_a_ledger_without_its_checkpoint_hears_the_whole_tape_and_writes_nothing_twice(stage: Stage) -> None:
    a_busy_hour(stage.play)
    waits = stage.play.brought(Caller("w"), "queue")
    stage.taped()
    ledger_all(stage)
    before = stage.written()
    stage.checkpoint.write_bytes(b"damaged")
    stage.play.rings(waits)
    stage.play.answers(waits)
    stage.taped()
    ledger_all(stage)
    after = stage.written()
    assert [fact[0] for fact in after["said"][len(before["said"]) :]] == ["CallOffered", "CallAnswered"]
    assert after["said"][: len(before["said"])] == before["said"]
    with stage.store.read() as session:
        row = session.get(CallRow, waits.call)
    assert row is not None and (row.stage, row.seat) == ("talking", "101")
