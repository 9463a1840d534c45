"""Days to hear again: as they were, shuffled, torn; and what must hold of whoever heard them."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

import msgspec

from cti import notes, snapshot
from cti.ami import message
from cti.floor import Floor
from cti.hears import Hearing
from cti.hears_legs import SEAT_CHANNEL
from cti.memory import Memory
from cti.snapshot_legs import variables
from cti.tape import Heard
from schema.facts import Fact
from tests.cti.modelday import Day, Thing
from tests.cti.play import ZONE
from tests.real.pbx import run

Film = list[dict[str, str]]


def lived(things: list[Thing]) -> Day:
    """A day of these things; at every event the figures add up."""

    async def whole() -> Day:
        day = Day()
        for thing in things:
            await day.act(thing)
        day.closes()
        return day

    return run(whole())


class Listener:
    """Ears that hear a tape of a day, or what is left of it."""

    def __init__(self) -> None:
        self.hearing, self.floor = Hearing("pbx1", Memory()), Floor(ZONE)
        self.facts: list[Fact] = []
        self.tape: list[Heard] = []

    def hear(self, frame: Heard) -> None:
        """One frame; it goes on the listener's own tape too."""
        self.tape.append(frame)
        for fact in self.hearing.hear(frame):
            self.facts.append(fact)
            self.floor.hear(fact)
            assert self.floor.right, fact

    def note(self, note: notes.Note, at: datetime) -> None:
        """A note of our own."""
        self.hear(Heard("pbx1", "e", len(self.tape) + 1, 0, at, message(note)))

    def looks(self, film: Film, at: datetime, times: int = 1) -> None:
        """Look at the PBX until nothing differs; each difference is told so many times."""
        for _ in range(5):
            found = snapshot.differences(film, self.hearing.memory, "hotline")
            for note in found:
                for _ in range(times):
                    self.note(note, at)
        assert snapshot.differences(film, self.hearing.memory, "hotline") == []

    @property
    def state(self) -> bytes:
        """Everything that is known, as bytes."""
        return msgspec.msgpack.encode((self.hearing.memory, self.floor.state))


def agrees(ear: Listener, film: Film) -> None:
    """Whoever has just looked believes what the PBX has: these legs, these calls, seats busy with nothing else."""
    memory = ear.hearing.memory
    there = {row["Uniqueid"]: row for row in film}
    assert memory.legs.keys() <= there.keys()
    assert ear.floor.calls.keys() == memory.calls.keys()
    calls = {uniqueid: variables(row)["GRIDLINE_CALL"] for uniqueid, row in there.items()}
    known = {uniqueid for uniqueid, call in calls.items() if call in map(str, memory.calls)}
    assert known - memory.gone.keys() <= memory.legs.keys()
    for uniqueid, row in there.items():  # a citizen who waits or talks is a call of ours
        if row["Channel"].startswith("PJSIP/carrier") and row["Context"] == "gridline-wait":
            assert uniqueid in known or uniqueid in memory.gone, row
    for uniqueid, leg in memory.legs.items():
        assert leg.bridge == there[uniqueid]["BridgeId"], leg
    for seat in ear.floor.seats.values():
        mine = [row for row in film if (name := SEAT_CHANNEL.match(row["Channel"])) and name[1] == seat.seat]
        if seat.busy in ("talking", "ringing"):
            assert mine, f"a phantom: {seat}"
        elif any(row["BridgeId"] and row["Uniqueid"] in memory.legs for row in mine):
            raise AssertionError(f"{seat} talks: {mine}")


def shuffled(day: Day, chance: Random) -> list[Heard]:
    """The frames of one moment in another order, but for those of one call, or of our own notes."""
    moments: dict[datetime, list[tuple[str, Heard]]] = defaultdict(list)
    for whose, frame in zip(day.whose, day.tape, strict=True):
        moments[frame.at].append((whose, frame))
    out: list[Heard] = []
    for at in sorted(moments):
        waiting: dict[str, list[Heard]] = defaultdict(list)
        for whose, frame in moments[at]:
            waiting[whose].append(frame)
        while waiting:
            whose = chance.choice(sorted(waiting))
            out.append(waiting[whose].pop(0))
            if not waiting[whose]:
                del waiting[whose]
    return out


def torn(day: Day, chance: Random, losses: float) -> tuple[Listener, list[int]]:
    """A listener who loses and doubles events, is away for a while, and looks at the PBX now and then."""
    ear, looked, away = Listener(), [], 0
    for i, (whose, frame) in enumerate(zip(day.whose, day.tape, strict=True)):
        if not whose:
            ear.hear(frame)  # our own notes are never lost
            continue
        away = away - 1 if away else chance.choice((0,) * 30 + (10, 40))
        if away == 1 or (not away and chance.random() < 0.05):
            ear.hear(frame) if chance.random() < 0.5 else None
            ear.looks(day.films[i], frame.at + timedelta(milliseconds=1), times=chance.choice((1, 2)))
            agrees(ear, day.films[i])
            looked.append(i)
        elif not away and chance.random() >= losses:
            ear.hear(frame)
            if chance.random() < losses:
                ear.hear(frame)
    ear.looks([], day.now + timedelta(seconds=1))
    agrees(ear, [])
    assert not ear.floor.calls, "a call that nobody is in"
    return ear, looked
