"""The records as a whole: whatever is lost, doubled or cut off on the way, the books close and add up."""

from collections import defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cti import notes, snapshot
from cti.ledger import Ledger
from cti.memory import Memory
from cti.tape import Mark, Reader
from schema.calls import CallRow, LegRow, QueueEntryRow, SeatSpellRow, SegmentRow
from schema.store import Store
from tests.cti.play import LI, WANG, Caller
from tests.cti.stage import Stage, ledger_all
from tests.cti.wild import THINGS, Talk, books_add_up, books_close, played, wild

HOUR = 3600


def talk_times(store: Store) -> dict[str, dict[str, float]]:
    """Seconds of each kind of segment, by the leg's seat ("" the citizen)."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with store.read() as session:
        for row in session.scalars(select(SegmentRow)):
            assert row.ended_at is not None
            found[row.seat][row.kind] += (row.ended_at - row.started_at).total_seconds()
    return {seat: dict(kinds) for seat, kinds in found.items()}


def spells(store: Store, seat: str) -> list[tuple[str, float]]:
    """State and seconds of each spell of a seat but the one that goes on."""
    with store.read() as session:
        rows = session.scalars(
            select(SeatSpellRow).where(SeatSpellRow.seat == seat).order_by(SeatSpellRow.started_at)
        )
        return [(row.state, (row.ended_at - row.started_at).total_seconds()) for row in rows if row.ended_at]


def test_a_consult_transfer_after_an_hour_leaves_the_right_talk_times(store: Store, tmp_path: Path) -> None:
    """An hour with 101, two minutes on hold while 101 asks 102, half a minute with 102."""
    stage, play = Stage(store, tmp_path), Talk()
    stage.play = play
    play.seat("101", WANG)
    play.seat("102", LI)
    caller = play.brought(Caller(), "talking")
    first = caller.legs[-1]
    play.joins(caller.leg, "b1")
    play.joins(first, "b1")
    play.wait(HOUR)
    play.leaves(caller.leg, "b1")
    play.told(caller, "Held", By="101")
    play.leaves(first, "b1")
    second = play.asks(caller, first, "102")
    play.joins(first, "b2")
    play.joins(second, "b2")
    play.wait(120)
    play.leaves(first, "b2")
    play.leaves(second, "b2")
    play.note(notes.note("Handed", Uniqueid=second, Seat="101", How="consulted"))
    play.over(first)
    play.joins(caller.leg, "b3")
    play.joins(second, "b3")
    play.wait(30)
    play.over(second)
    play.over(caller.leg)
    stage.taped()
    ledger_all(stage)
    assert talk_times(store) == {
        "": {"talk": HOUR + 30, "hold": 120},
        "101": {"talk": HOUR, "consult": 120},
        "102": {"consult": 120, "talk": 30},
    }
    assert ("talking", HOUR) in spells(store, "101") and ("hold", 120) in spells(store, "101")
    assert ("talking", 150) in spells(store, "102")
    with store.read() as session:
        (call,) = session.scalars(select(CallRow))
        (entry,) = session.scalars(select(QueueEntryRow))
    assert (call.outcome, call.seat, entry.result, entry.seat) == ("answered", "101", "answered", "101")
    stage.close()


def test_a_pbx_that_dies_ends_everything_at_that_moment_and_says_so(store: Store, tmp_path: Path) -> None:
    stage, play = Stage(store, tmp_path), Talk()
    stage.play = play
    play.event(Event="FullyBooted", Uptime="1000")
    play.seat()
    talks, waits = play.brought(Caller("t"), "talking"), play.brought(Caller("w"), "queue")
    play.joins(talks.leg, "b")
    play.joins(talks.legs[0], "b")
    play.wait(60)
    died = play.now
    play.event(Event="FullyBooted", Uptime="0")
    for gone in snapshot.differences([], play.hearing.memory, "hotline"):
        play.note(gone)
    stage.taped()
    ledger_all(stage)
    with store.read() as session:
        for call in session.scalars(select(CallRow)):
            assert (call.outcome, call.ended_at, call.inferred, call.ended_by) == ("lost", died, True, "pbx")
        assert all(leg.ended_at == died for leg in session.scalars(select(LegRow)))
        assert all(one.ended_at == died for one in session.scalars(select(SegmentRow)))
        results = {entry.call: entry.result for entry in session.scalars(select(QueueEntryRow))}
    assert results == {talks.call: "answered", waits.call: "abandoned"}
    assert spells(store, "101")[-1] == ("talking", 60)
    stage.close()


# -- whatever comes ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS, seed=st.integers(0, 2**32))
def test_whatever_is_lost_or_doubled_the_books_close_and_add_up(
    things: list[tuple[int, str, str, int]], seed: int, migrated_sqlite: Path
) -> None:
    with (
        TemporaryDirectory() as name,
        wild(played(things, Random(seed)), Path(name), migrated_sqlite) as stage,
    ):
        ledger_all(stage)
        books_close(stage.store)
        books_add_up(stage)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS, seed=st.integers(0, 2**32))
def test_a_ledger_that_dies_again_and_again_writes_what_an_undisturbed_one_writes(
    things: list[tuple[int, str, str, int]], seed: int, migrated_sqlite: Path
) -> None:
    chance = Random(seed)
    play = played(things, chance)
    with (
        TemporaryDirectory() as name,
        wild(play, Path(name) / "one", migrated_sqlite) as one,
        wild(play, Path(name) / "other", migrated_sqlite) as other,
    ):
        ledger_all(one)
        more = True
        while more:  # each piece by a process of its own, some without a checkpoint
            if chance.random() < 0.2:
                other.checkpoint.unlink(missing_ok=True)
            ledger = other.ledger()
            more = any([ledger.step(most=chance.randint(1, 20)) for _ in range(2)])
        assert one.written() == other.written()


def test_the_rows_of_a_tape_are_the_same_on_every_database(store: Store, tmp_path: Path) -> None:
    """One play, written in one piece: PostgreSQL and SQLite take the same bulk statements."""
    stage, play = Stage(store, tmp_path), Talk()
    stage.play = play
    play.seat()
    caller = play.brought(Caller(), "talking")
    play.joins(caller.leg, "b")
    play.joins(caller.legs[0], "b")
    play.wait(10)
    play.hangs_up(caller)
    stage.taped()
    ledger = Ledger(store, Reader(stage.folder, "pbx1", Mark()), "pbx1", Memory())
    while ledger.step():
        pass
    ledger.stop()
    assert talk_times(store) == {"": {"talk": 10}, "101": {"talk": 10}}
    stage.close()
