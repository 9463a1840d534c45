import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cti import checkpoint
from cti.tape import Mark
from schema.calls import (
    CallRow,
    TapeMark,
)
from schema.desk.books import UNSAID, Books
from schema.facts import Fact
from schema.ids import uuid7
from schema.store import Store, StoreUnreachable
from tests.cti.play import NOON, Caller
from tests.cti.stage import Stage, a_busy_hour, ledger_all, said


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(store, tmp_path / "tape")
    yield stage
    stage.close()


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
