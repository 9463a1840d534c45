from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from cti import checkpoint
from cti.floor import Floor
from cti.handoff import Handoff
from cti.hears import Hearing
from cti.ledger import Ledger
from cti.tape import Mark, Reader, Tape, new_epoch
from cti.twin import Entry, changed_seats
from schema.desk import marks
from schema.facts import SeatReady
from schema.store import Store
from tests.cti.play import NOON, ZONE, Play
from tests.cti.stage import Stage, a_busy_hour, ledger_all, said
from tests.cti.wild import THINGS, played, wild


def frame(number: int, fact: bool = True) -> Entry:
    return Mark("e", number), [(SeatReady(at=NOON, seat=str(number)), [])] if fact else []


def numbers(entries: list[Entry] | None) -> list[int] | None:
    return None if entries is None else [mark.sequence for mark, _ in entries]


@pytest.fixture
def stage(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """An empty tape before a store."""
    stage = Stage(Store(sqlite_url), tmp_path / "tape")
    yield stage
    stage.close()
    stage.store.close()


@pytest.fixture
def handoff() -> Handoff:
    return Handoff(Mark("d", 9), lambda: (msgspec.Raw(b"\x01"), msgspec.Raw(b"\x02")))


def test_what_is_given_is_taken_in_order_and_once(handoff: Handoff) -> None:
    handoff.give([frame(1), frame(2)])
    handoff.give([frame(3)])
    assert numbers(handoff.take(Mark("d", 9), 2)) == [1, 2]
    assert numbers(handoff.take(Mark("e", 2), 2)) == [3]
    assert numbers(handoff.take(Mark("e", 3), 2)) == []


def test_frames_without_facts_only_say_how_far_the_tape_is(handoff: Handoff) -> None:
    handoff.give([frame(1, False), frame(2), frame(3, False), frame(4, False)])
    handoff.give([])
    assert numbers(handoff.take(Mark("d", 9), 9)) == [2, 4]


def test_who_is_behind_its_beginning_must_read_the_tape_first(handoff: Handoff) -> None:
    handoff.give([frame(1), frame(2), frame(3)])
    assert handoff.take(Mark("d", 8), 9) is None
    assert numbers(handoff.take(Mark("e", 2), 9)) == [3]  # the tape had some of it already


def test_who_lost_what_was_taken_must_read_the_tape(handoff: Handoff) -> None:
    handoff.give([frame(1), frame(2)])
    assert numbers(handoff.take(Mark("d", 9), 1)) == [1]
    assert handoff.take(Mark("d", 9), 1) is None


def test_when_too_much_waits_all_is_left_to_the_tape(
    handoff: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.handoff.MOST", 3)
    handoff.give([frame(1), frame(2)])
    handoff.give([frame(3), frame(4)])
    handoff.give([frame(5)])
    assert handoff.take(Mark("e", 3), 9) is None
    assert numbers(handoff.take(Mark("e", 4), 9)) == [5]


def test_memory_and_floor_come_when_asked_for_and_reached(handoff: Handoff) -> None:
    handoff.give([frame(1)])
    assert handoff.kept(Mark("e", 1)) is None
    handoff.ask()
    handoff.give([frame(2)])
    handoff.give([frame(3)])
    assert handoff.kept(Mark("e", 1)) is None
    assert handoff.kept(Mark("e", 2)) == (Mark("e", 2), msgspec.Raw(b"\x01"), msgspec.Raw(b"\x02"))
    assert handoff.kept(Mark("e", 3)) is None


class Room:
    """A process of the telephone room: it hears the rest of the tape, then what comes, and has a ledger."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        with stage.store.read() as session:
            rows = Mark(*marks.behind(session, "pbx1"))
        known, again = (checkpoint.load(stage.checkpoint, rows) for _ in range(2))
        self.hearing, self.floor = Hearing("pbx1", known.memory), Floor(ZONE)
        self.floor.restore(known.floor)
        reader = Reader(stage.folder, "pbx1", known.mark)
        while frames := reader.read():
            for fact in (fact for each in frames for fact in self.hearing.hear(each)):
                self.floor.hear(fact)
        reader.close()
        self.tape = Tape(stage.folder, "pbx1", new_epoch(stage.folder, "pbx1", max(reader.mark, rows)))
        floor = Floor(ZONE)
        floor.restore(again.floor)
        self.handoff = Handoff(reader.mark, lambda: checkpoint.packed(self.hearing.memory, self.floor.state))
        self.ledger = Ledger(
            stage.store, Reader(stage.folder, "pbx1", again.mark), "pbx1", again.memory, floor=floor,
            checkpoint=stage.checkpoint, handoff=self.handoff,
        )  # fmt: skip

    def hears(self, frames: list[Any]) -> None:
        """Events come."""
        entries: list[Entry] = []
        for each in frames:
            for taped in self.tape.append([each.raw], each.monotonic, each.at):
                told = [(f, changed_seats(self.floor, self.floor.hear(f))) for f in self.hearing.hear(taped)]
                entries.append((Mark(taped.epoch, taped.sequence), told))
        self.handoff.give(entries)

    def dies(self) -> None:
        """Nothing is finished."""
        self.tape.close()
        self.ledger.stop(0.1)


def test_in_step_with_the_ears_the_ledger_does_not_read_the_tape(stage: Stage) -> None:
    room = Room(stage)
    a_busy_hour(stage.play)
    room.hears(stage.play.tape)
    (stage.folder / f"pbx1-{room.tape.epoch}-000000000001.tape").unlink()  # it can do without
    while room.ledger.step():
        pass
    room.dies()
    assert len(stage.written()["calls"]) == 5


def test_a_ledger_that_falls_behind_reads_the_tape_and_then_goes_on_in_step(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.handoff.MOST", 10)
    room = Room(stage)
    room.ledger.step()
    a_busy_hour(stage.play)
    first, rest = stage.play.tape[:5], stage.play.tape[5:]
    room.hears(first)
    assert room.ledger.step()
    room.hears(rest[:-1])  # too much at once
    with capture_logs() as logs:
        while room.ledger.step():
            pass
    room.hears(rest[-1:])
    while room.ledger.step():
        pass
    room.dies()
    assert [line["event"] for line in logs][:1] == ["the ledger reads the tape"]
    assert [told[0] for told in stage.written()["said"]] == said(stage.play)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS, seed=st.integers(0, 2**32))
def test_rooms_that_die_and_ledgers_that_fall_behind_write_what_an_undisturbed_ledger_writes(
    things: list[tuple[int, str, str, int]], seed: int, migrated_sqlite: Path
) -> None:
    chance = Random(seed)
    play = played(things, chance)
    with (
        TemporaryDirectory() as name,
        pytest.MonkeyPatch.context() as patch,
        wild(play, Path(name) / "one", migrated_sqlite) as one,
        wild(Play(), Path(name) / "other", migrated_sqlite) as other,
    ):
        patch.setattr("cti.handoff.MOST", 12)
        patch.setattr("cti.ledger.CHECKPOINT_EVERY", 0.0)
        ledger_all(one)
        coming = list(play.tape)
        while coming:
            room = Room(other)
            for _ in range(chance.randint(1, 6)):
                count = chance.randint(0, 8)
                room.hears(coming[:count])
                coming = coming[count:]
                for _ in range(chance.randint(0, 2)):
                    room.ledger.step(most=chance.randint(1, 9))
            room.dies()
        room = Room(other)
        while room.ledger.step():
            pass
        room.dies()
        assert one.written() == other.written()
