"""A supervisor over a seat: listen, whisper, join in, take over, and what is forced on a seat."""

from collections.abc import Callable, Coroutine
from typing import Any

from cti import notes, parties, speaks_talk
from cti.control import Control
from cti.parties import OrderFailed, Parties, Party
from cti.speaks_talk import Place
from schema.facts import LegFailed, LegJoined, LegRang, RecordingStarted, WatchStarted
from schema.ids import uuid7
from schema.orders import (
    Barge,
    ForceHangUp,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Listen,
    StopWatching,
    TakeOver,
    Transfer,
    Whisper,
)
from schema.orders.watch import WatchOrder

ANSWERED_WITHIN = 20.0
MODES: dict[type[WatchOrder], str] = {Listen: "listen", Whisper: "whisper", Barge: "barge"}


class Watch:
    """Carries out a supervisor's orders with the means of `control`; `patience` seconds may their own seat ring."""

    def __init__(self, control: Control, patience: float = ANSWERED_WITHIN) -> None:
        self._control, self._patience = control, patience
        self.does: dict[type[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {
            Listen: self.watch, Whisper: self.watch, Barge: self.watch, StopWatching: self.stop,
            TakeOver: self.take_over, ForceHangUp: self.hang_up, ForceTransfer: self.transfer,
            ForcePause: self.pause, ForceReady: self.ready,
        }  # fmt: skip

    async def watch(self, order: WatchOrder) -> None:
        """Get a supervisor's ear, or voice, into a seat's call; one who is there already changes the mode."""
        control, mode = self._control, MODES[type(order)]
        who = control.at(order.seat)
        ear = self._ear(who, order.watcher)
        legs = [] if ear is None else [ear.id]
        if ear is not None and (ear.leg.mode, ear.leg.watched) == (mode, order.seat):
            return
        in_place = control.until(
            lambda fact: (
                (isinstance(fact, WatchStarted) and fact.watcher == order.watcher and fact.mode == mode)
                or (isinstance(fact, LegFailed) and fact.seat == order.watcher and fact.kind == "watcher")
            ),
            self._patience,
        )
        if ear is not None and ear.leg.mode == "barge":
            raise OrderFailed("you are in the call already; leave it first")
        if ear is not None:
            await control.say(speaks_talk.put(ear.id, "GRIDLINE_WATCHED", who.seat.leg.channel))
            await control.say(speaks_talk.send(ear.id, ("gridline-watch", mode)))
        else:
            legs = [await self._ring(who, order, mode)]
        seen = await in_place
        if isinstance(seen, LegFailed):
            raise OrderFailed(f"your own seat did not answer: {seen.reason}")
        if mode == "barge":
            await self._into_room(order.seat, legs[0])

    async def stop(self, order: StopWatching) -> None:
        """Take the supervisor out; the others talk on."""
        ear = self._ear(self._control.at(order.seat), order.watcher)
        if ear is None:
            raise OrderFailed(f"seat {order.watcher} does not listen to seat {order.seat}")
        await self._control.release(ear)

    async def take_over(self, order: TakeOver) -> None:
        """The citizen goes on with the supervisor."""
        control = self._control
        who = control.at(order.seat)
        ear = self._ear(who, order.watcher)
        if ear is None:
            parties.free_seat(control.floor, order.watcher, order.seat)
            await control.send_on(who, "seat", order.watcher, order.seat, "taken", auto=True)
            return
        if not ear.leg.recording:  # who has joined in is recorded since
            ready = control.until(lambda fact: isinstance(fact, RecordingStarted) and fact.leg == ear.id)
            await control.say(speaks_talk.put(ear.id, "GRIDLINE_SEAT", order.watcher))
            await control.say(speaks_talk.send(ear.id, Place.ALONE_RECORDED))
            await ready
        await control.hand_over(who, ear, "taken")

    async def hang_up(self, order: ForceHangUp) -> None:
        """End the call at a seat: everybody in it is released."""
        who = self._control.at(order.seat)
        for one in who.all:
            await self._control.release(one)

    async def transfer(self, order: ForceTransfer) -> None:
        """Send the citizen of a seat elsewhere."""
        await self._control.transfer(Transfer(seat=order.seat, target=order.target), "forced")

    async def pause(self, order: ForcePause) -> None:
        """No more calls for a seat."""
        self._open(order.seat)
        self._control.write(notes.seat_paused(order.seat, order.reason or "supervisor"))

    async def ready(self, order: ForceReady) -> None:
        """Calls for a seat again."""
        self._open(order.seat)
        self._control.write(notes.seat_ready(order.seat))

    def _open(self, seat: str) -> None:
        if seat not in self._control.floor.seats:
            raise OrderFailed(f"seat {seat} is not open")

    def _ear(self, who: Parties, watcher: str) -> Party | None:
        return next(
            (one for one in who.others if one.leg.kind == "watcher" and one.leg.seat == watcher), None
        )

    async def _ring(self, who: Parties, order: WatchOrder, mode: str) -> str:
        control, leg = self._control, uuid7()
        busy = parties.state(control.floor, order.watcher) in ("ringing", "talking")
        if busy or control.hearing.memory.at_seat(order.watcher) is not None:
            raise OrderFailed(f"your own seat {order.watcher} is in a call")
        rang = control.until(lambda fact: isinstance(fact, LegRang | LegFailed) and fact.leg == str(leg))
        variables = {
            "__GRIDLINE_CONTACT": str(who.seat.leg.contact), "__GRIDLINE_CALL": str(who.seat.leg.call),
            "GRIDLINE_WHY": "watch", "GRIDLINE_SEAT": order.seat, "GRIDLINE_WATCHED": who.seat.leg.channel,
        }  # fmt: skip
        await control.say(
            speaks_talk.ring(order.watcher, leg, ("gridline-watch", mode), variables, caller=order.seat)
        )
        await rang
        return str(leg)

    async def _into_room(self, seat: str, ear: str) -> None:
        """The supervisor is in the room: bring everybody the seat talks with there too."""
        control = self._control
        who = control.at(seat)
        bridge = who.seat.leg.bridge
        mine = control.hearing.memory.legs.get(ear)
        if mine is None:
            raise OrderFailed("your own seat left")
        if not mine.bridge:
            await control.until(lambda fact: isinstance(fact, LegJoined) and fact.leg == ear)
        if bridge == mine.bridge:
            return
        near = [one for one in who.all[1:] if one.leg.bridge == bridge and one.id != ear]
        if not bridge or not near:
            raise OrderFailed(f"seat {seat} talks with nobody now")
        joined = control.all_joined({who.seat.id, *(one.id for one in near)})
        await control.say(speaks_talk.send_two(who.seat.id, Place.ROOM_SEAT, near[0].id, near[0].in_room))
        for one in near[1:]:
            await control.say(speaks_talk.send(one.id, one.in_room))
        await joined
