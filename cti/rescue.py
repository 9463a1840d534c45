"""Rescue: a seat whose browser died in the middle of a call must not keep the citizen.

The softphone gets `GRACE` seconds to come back (the network changed, or a page that is loaded anew asks for its call);
then the citizen goes to the head of the line, told why, and the dead leg is ended. A seat left alone in a room because
both others hung up is released: it is idle (the rule of three-way calls). Of two, the PBX itself releases the other;
only who is still there `LONELY` seconds later is hung up by us.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from cti import speaks_talk
from cti.control import Control
from cti.link import ActionFailed, LinkDown, LinkLost
from cti.parties import OrderFailed, Party
from cti.speaks_talk import Place
from schema.facts import Fact, LegEnded, LegLeft, SeatUnreachable

GRACE = 3.0
LONELY = 0.5
log = structlog.get_logger()


class Rescue:
    """`clock` is the reactor's (IReactorTime); `spawn` runs a coroutine."""

    def __init__(
        self, control: Control, *, clock: Any, spawn: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        self._control, self._clock, self._spawn = control, clock, spawn
        self._due: dict[str, Any] = {}
        self._lonely: dict[str, Any] = {}

    def observed(self, fact: Fact) -> None:
        """Take note of a fact, after hearing and floor did."""
        if isinstance(fact, SeatUnreachable):
            if self._control.hearing.memory.at_seat(fact.seat) is not None:
                self._cancel(fact.seat)
                self._due[fact.seat] = self._clock.callLater(GRACE, self._late, fact.seat)
        elif isinstance(fact, LegEnded | LegLeft):
            self._look_for_lonely(fact)

    def node_lost(self, node: str) -> None:
        """Another PBX of the site is dead: its seats that talk with callers here are."""
        far = f"PJSIP/node-{node}-"
        for leg in list(self._control.hearing.memory.legs.values()):
            if leg.kind == "seat" and leg.answered and leg.channel.startswith(far):
                self._spawn(self._quietly(self.free(leg.seat)))

    def stop(self) -> None:
        """Wait for nothing more."""
        for seat in list(self._due):
            self._cancel(seat)
        for due in self._lonely.values():
            due.cancel()
        self._lonely.clear()

    async def free(self, seat: str, how: str = "rescued") -> None:
        """Send the citizen of a seat to the head of the line and end the seat's leg."""
        control = self._control
        who = control.at(seat)
        if who.citizen is not None and who.seat.leg.why not in ("consult", "watch"):
            log.info("a citizen goes back to the line", seat=seat, call=str(who.seat.leg.call), how=how)
            await control.say(speaks_talk.put(who.citizen.id, "GRIDLINE_BY", seat))
            await control.say(speaks_talk.send(who.citizen.id, Place.RESCUE))
        await control.release(who.seat)
        if who.asked is not None:
            await control.release(who.asked)

    def _late(self, seat: str) -> None:
        self._due.pop(seat, None)
        known = self._control.floor.seats.get(seat)
        away = known is None or not known.reachable
        if away and self._control.hearing.memory.at_seat(seat) is not None:
            self._spawn(self._quietly(self.free(seat)))

    def _look_for_lonely(self, fact: LegEnded | LegLeft) -> None:
        """All others of a seat, or of a supervisor who joined in, are gone."""
        if fact.call in self._control.hearing.memory.calls:
            return
        legs = self._control.hearing.memory.of_call(fact.call)
        if any(leg.kind in ("citizen", "party") for leg in legs.values()):
            return
        if sum(leg.kind == "seat" for leg in legs.values()) > 1:
            return
        for uniqueid in legs:
            if uniqueid not in self._lonely:
                self._lonely[uniqueid] = self._clock.callLater(LONELY, self._still_alone, uniqueid)

    def _still_alone(self, uniqueid: str) -> None:
        del self._lonely[uniqueid]
        leg = self._control.hearing.memory.legs.get(uniqueid)
        if leg is not None:
            self._spawn(self._quietly(self._control.release(Party(uniqueid, leg))))

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (OrderFailed, ActionFailed, LinkDown, LinkLost, TimeoutError) as error:
            log.info("nothing was left to rescue", reason=str(error))

    def _cancel(self, seat: str) -> None:
        due = self._due.pop(seat, None)
        if due is not None and due.active():
            due.cancel()
