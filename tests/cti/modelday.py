"""A day at the model of the PBX: what people and agents do, one thing after the other, and the tape of it.

`films` are what a look at the PBX would have shown after each frame, so that a tape can be torn at any of them.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from cti import notes
from schema.orders import (
    Barge,
    CallOut,
    CancelConsult,
    CompleteTransfer,
    Conference,
    Consult,
    ForceHangUp,
    Hold,
    Listen,
    RecoverCall,
    Resume,
    StopWatching,
    Swap,
    TakeOver,
    Transfer,
)
from tests.cti.modelchannel import Channel
from tests.cti.modelhouse import House

NUMBERS = ("13800138000", "13800138001", "13800138002")
EXPERT = "number:13900139000"
OWN = (Hold, Resume, Swap, CancelConsult, CompleteTransfer, Conference, RecoverCall)
OVER = (Listen, Barge, TakeOver, StopWatching)
THINGS = (
    "talk", "talk", "talk", "call", "offer", "answer", "answer", "decline", "hang up", "order", "order", "order",
    "ask", "ask", "transfer", "watch", "watch", "force", "call out", "wrap", "wrap",
)  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """One thing: `pick` chooses among what can do it, `after` so many seconds."""

    what: str
    pick: int
    after: float


class Day(House):
    """Does things. What cannot be done now is passed over."""

    def __init__(self) -> None:
        self.films: list[list[dict[str, str]]] = []
        super().__init__()

    def _emitted(self, raw: bytes, call: str) -> None:
        super()._emitted(raw, call)
        self.filmed()

    def event(self, **fields: str) -> Any:
        """One of our own notes."""
        facts = super().event(**fields)
        self.filmed()
        return facts

    @property
    def legs(self) -> set[str]:
        """Every channel there was."""
        return {row["Uniqueid"] for film in self.films for row in film}

    def filmed(self) -> None:
        """Keep what a look would show now."""
        while len(self.films) < len(self.tape):
            self.films.append(self.pbx.rows())

    async def act(self, thing: Thing) -> None:
        """Do it."""
        self.wait(thing.after)
        self.pbx.looks()
        chance = Random(thing.pick)
        up = sorted(self.pbx.channels.values(), key=lambda one: one.uniqueid)
        ringing = [one for one in up if not one.up]
        waiting = [one for one in up if one.context == "gridline-wait"]
        seats = sorted(self.floor.seats)
        ready = [one for one in seats if self.floor.seats[one].state == "ready"]
        busy = [one for one in seats if self.floor.seats[one].state == "talking"]
        seat = chance.choice(busy if busy and thing.what != "call out" else seats)
        target = chance.choice([EXPERT, EXPERT, *(f"seat:{one}" for one in ready or seats)])
        if thing.what == "call" and len(up) < 12:
            self.pbx.calls(chance.choice(NUMBERS), chance.choice(("hotline", "water")))
        elif thing.what == "talk" and ready and len(up) < 12:
            self.talk(chance.choice(ready), chance.choice(NUMBERS))
        elif thing.what == "offer" and waiting and ready:
            self.offer(chance.choice(waiting), chance.choice(ready))
        elif thing.what == "answer" and ringing:
            self.pbx.answers(chance.choice(ringing))
        elif thing.what == "decline" and ringing:
            self.pbx.declines(chance.choice(ringing), chance.choice(("BUSY", "NOANSWER")))
        elif thing.what == "hang up" and up:
            self._puts_down(chance.choice(up))
        elif thing.what == "order":
            await self.order(chance.choice(OWN)(seat=seat))
        elif thing.what == "ask":
            before = set(self.pbx.channels)
            await self.order(Consult(seat=seat, target=target))
            for one in [
                one
                for one in self.pbx.channels.values()
                if one.uniqueid not in before and chance.random() < 0.8
            ]:
                self.pbx.answers(one)
        elif thing.what == "transfer":
            await self.order(Transfer(seat=seat, target=chance.choice([target, "queue:water"])))
        elif thing.what == "watch":
            other = chance.choice([one for one in seats if one != seat])
            await self.order(chance.choice(OVER)(seat=seat, watcher=other))
        elif thing.what == "force":
            await self.order(ForceHangUp(seat=seat))
        elif thing.what == "call out":
            await self.order(CallOut(seat=seat, target=target))
        elif thing.what == "wrap":
            self.note(notes.wrapped_up(seat, "timer"))

    def _puts_down(self, one: Channel) -> None:
        if one.up:
            self.pbx.hangs_up(one)
        else:
            self.pbx.declines(one)

    def closes(self) -> None:
        """Everybody hangs up, and goes home."""
        self.wait(1)
        while self.pbx.channels:
            self._puts_down(next(iter(self.pbx.channels.values())))
            self.pbx.looks()
        for seat in sorted(self.floor.seats):
            self.note(notes.wrapped_up(seat, "timer"))
            self.note(notes.seat_closed(seat))
