"""Wild plays: whatever may happen to two seats and three callers, heard, lost or doubled; what their books must be."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from cti import notes, snapshot
from schema.calls import CallRow, LegRow, QueueEntryRow, SeatRow, SeatSpellRow, SegmentRow
from schema.facts import Fact
from schema.rules.segments import TALK
from schema.store import Store
from tests.cti.play import LI, NOON, WANG, Caller, Play
from tests.cti.stage import Stage


class Talk(Play):
    """Callers in bridges."""

    def joins(self, leg: str, bridge: str) -> list[Fact]:
        return self.event(Event="BridgeEnter", Uniqueid=leg, BridgeUniqueid=bridge)

    def leaves(self, leg: str, bridge: str) -> list[Fact]:
        return self.event(Event="BridgeLeave", Uniqueid=leg, BridgeUniqueid=bridge)

    def asks(self, caller: Caller, leg: str, seat: str) -> str:
        """A seat's leg rings another seat, which answers; returns that one's leg."""
        asked = f"{leg}.{seat}"
        dial = {"Uniqueid": leg, "DestUniqueid": asked, "DestChannel": f"PJSIP/seat{seat}-{asked}"}
        self.event(Event="DialBegin", **dial)
        self.event(Event="DialEnd", DialStatus="ANSWER", **dial)
        return asked


class Wild(Talk):
    """A play in which the ears lose and double events; `up` is what the PBX really has: each leg's bridge."""

    def __init__(self, fate: Callable[[], str]) -> None:
        super().__init__()
        self._fate: Callable[[], str] = lambda: "heard"
        for seat, user in (("101", WANG), ("102", LI)):
            self.seat(seat, user)
        self._fate = fate
        self.up: dict[str, str] = {}

    def event(self, **fields: str) -> list[Fact]:
        leg = fields.get("DestUniqueid") or fields.get("Uniqueid", "")
        if fields["Event"] == "Hangup":
            self.up.pop(leg, None)
        elif fields["Event"] in ("DialBegin", "UserEvent"):
            self.up.setdefault(leg, "")
        elif fields["Event"].startswith("Bridge") and leg in self.up:
            self.up[leg] = fields["BridgeUniqueid"] if fields["Event"] == "BridgeEnter" else ""
        fate = "heard" if fields["Event"] == "Note" else self._fate()
        facts = [] if fate == "lost" else super().event(**fields)
        return facts + super().event(**fields) if fate == "twice" else facts

    def does(self, caller: Caller, what: str, seat: str) -> None:
        """One thing happens, if it can."""
        leg = caller.legs[-1] if caller.legs and caller.legs[-1] in self.up else ""
        if what == "calls" and not self.up.get(caller.leg):
            self.calls(caller)
        elif caller.leg not in self.up:
            return
        elif what == "waits":
            self.waits(caller, returning=bool(caller.legs))
        elif what == "rings":
            self.rings(caller, seat)
        elif what == "answers" and leg:
            self.answers(caller, leg.split(".")[2])
        elif what == "fails" and leg:
            self.fails(caller, leg.split(".")[2])
        elif what == "talk" and leg:
            self.joins(caller.leg, f"b{caller.leg}")
            self.joins(leg, f"b{caller.leg}")
        elif what == "parts" and leg and self.up[leg]:
            self.leaves(leg, self.up[leg])
        elif what == "holds":
            self.told(caller, "Held", By=seat)
            self.up[caller.leg] = ""
        elif what == "asks" and leg:
            self.joins(self.asks(caller, leg, seat), f"c{caller.leg}")
            self.joins(leg, f"c{caller.leg}")
        elif what == "over" and leg:
            self.over(leg)
        elif what == "ends":
            for each in [each for each in self.up if each.startswith(caller.leg)]:
                self.over(each)

    def looks(self, times: int = 1) -> None:
        """A look at the PBX; told `times` times over."""
        rows = [{"Uniqueid": leg, "Channel": "?", "BridgeId": bridge} for leg, bridge in self.up.items()]
        for _ in range(times):
            for found in snapshot.differences(rows, self.hearing.memory, "hotline"):
                for _ in range(times):
                    self.note(found)


FATES = ("heard",) * 8 + ("lost", "twice")


WHAT = (
    "calls",
    "waits",
    "rings",
    "answers",
    "fails",
    "talk",
    "parts",
    "holds",
    "asks",
    "over",
    "ends",
    "look",
    "wrap",
)


THINGS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(WHAT), st.sampled_from(("101", "102")), st.integers(-1, 30)),
    max_size=60,
)


def played(things: list[tuple[int, str, str, int]], chance: Random) -> Wild:
    play = Wild(lambda: chance.choice(FATES))
    callers = [Caller(str(n), leg=f"17.{n}") for n in range(3)]
    for who, what, seat, seconds in things:
        play.wait(seconds)
        if what == "look":
            play.looks(times=2)
        elif what == "wrap":
            play.note(notes.wrapped_up(seat, "timer"))
        else:
            play.does(callers[who], what, seat)
    play.wait(5)
    play.up.clear()
    play.looks()
    for seat in ("101", "102"):
        play.note(notes.seat_closed(seat))
    return play


@contextmanager
def wild(play: Wild, folder: Path, database: Path) -> Iterator[Stage]:
    """The play on a tape, before a store of its own."""
    folder.mkdir(exist_ok=True)
    shutil.copy(database, folder / "gridline.sqlite")
    stage = Stage(Store(f"sqlite:///{folder / 'gridline.sqlite'}"), folder / "tape")
    with (
        stage.store.work() as work
    ):  # as the orders did that opened the seats: a ledger that comes anew reads who sits there
        for seat, user in (("101", WANG), ("102", LI)):
            work.session.add(
                SeatRow(
                    seat=seat, node="pbx1", user=user, digest="", state="opening", since=NOON, opened_at=NOON
                )
            )
    stage.play = play
    stage.taped()
    try:
        yield stage
    finally:
        stage.close()
        stage.store.close()


def books_close(store: Store) -> None:
    with store.read() as session:
        assert all(row.outcome and row.ended_at for row in session.scalars(select(CallRow)))
        assert all(row.ended_at for row in session.scalars(select(LegRow)))
        assert all(row.result for row in session.scalars(select(QueueEntryRow)))
        legs = {row.leg: row for row in session.scalars(select(LegRow))}
        before: dict[str, SegmentRow] = {}
        for row in session.scalars(select(SegmentRow).order_by(SegmentRow.leg, SegmentRow.n)):
            assert row.ended_at is not None and row.started_at <= row.ended_at
            if row.leg in before:
                ended = before[row.leg].ended_at
                assert ended is not None and ended <= row.started_at
            assert row.ended_at <= (legs[row.leg].ended_at or NOON) + timedelta(seconds=60)
            assert row.kind in (*TALK, "hold")
            before[row.leg] = row
        last: dict[str, Any] = {}
        spells = select(SeatSpellRow).order_by(SeatSpellRow.seat, SeatSpellRow.started_at, SeatSpellRow.n)
        for spell in session.scalars(spells):
            assert spell.ended_at is not None and spell.started_at <= spell.ended_at
            assert last.get(spell.seat, spell.started_at) == spell.started_at  # no gap, no overlap
            last[spell.seat] = spell.ended_at
        assert last.keys() == {"101", "102"}


def books_add_up(stage: Stage) -> None:
    """Each queue's entries, by how they ended, are the figures that the floor counted."""
    with stage.store.read() as session:
        rows = Counter((row.queue, row.result) for row in session.scalars(select(QueueEntryRow)))
    shown: Counter[tuple[str, str]] = Counter()
    for queue, figures in stage.play.floor.queues.items():
        assert figures.conserved and figures.waiting == 0
        for result in ("answered", "abandoned", "overflowed", "called_back"):
            shown[queue, result.replace("_", " ")] += getattr(figures, result)
    assert +rows == +shown
