"""Moves of legs: hold, join, hand over, send on, release; each is done when it was heard."""

from collections.abc import Callable
from typing import Any

from cti import notes, parties, speaks_talk
from cti.acd import Speaks
from cti.expected import Expected
from cti.hears import Hearing
from cti.link import ActionFailed
from cti.notes import Note
from cti.parties import Parties, Party
from cti.speaks_talk import Place
from schema.facts import CallTransferred, LegHeld, LegLeft


class Moves:
    """What a call is controlled with. `observed` is told every fact, after hearing and floor have taken it in."""

    def __init__(self, hearing: Hearing, mouth: Speaks, *, write: Callable[[Note], None]) -> None:
        self.hearing, self.mouth, self.write = hearing, mouth, write
        self.expected = Expected()
        self.observed, self.until, self.all_joined = (
            self.expected.observed, self.expected.until, self.expected.all_joined,
        )  # fmt: skip

    def at(self, seat: str) -> Parties:
        """The parties of a seat's call. Raises OrderFailed."""
        return parties.at(self.hearing.memory, seat)

    async def put_on_hold(self, who: Parties, one: Party, place: tuple[str, str]) -> None:
        """Music for `one`, whoever else the seat talks with."""
        held = self.until(lambda fact: isinstance(fact, LegHeld) and fact.leg == one.id)
        await self.mark(one, who.seat, who.seat.leg.seat)
        if who.seat.leg.room:
            await self.say(speaks_talk.send(one.id, place))
        else:
            await self.say(speaks_talk.send_two(one.id, place, who.seat.id, Place.ALONE))
        await held

    async def part(self, one: Party, place: tuple[str, str], seat: Party, seats: tuple[str, str]) -> None:
        """Send two legs that are together each to a place. Out of a room the seat goes last: with it the room ends, and
        whoever is still there is put out."""
        if seat.leg.room:
            left = self.until(lambda fact: isinstance(fact, LegLeft) and fact.leg == one.id)
            await self.say(speaks_talk.send(one.id, place))
            await left
            await self.say(speaks_talk.send(seat.id, seats))
        else:
            await self.say(speaks_talk.send_two(one.id, place, seat.id, seats))

    async def join(self, one: Party, place: tuple[str, str], other: Party) -> None:
        """Join two legs in a bridge of their own, or in the room that `other` is in."""
        joined = self.all_joined({one.id})
        if other.leg.room:
            place = one.in_room
        await self.say(speaks_talk.put(one.id, "GRIDLINE_PEER", other.id))
        await self.say(speaks_talk.send(one.id, place))
        await joined

    async def hand_over(self, who: Parties, to: Party, how: str) -> None:
        """Join the citizen with `to`; the seat leaves."""
        citizen = who.theirs
        if to.leg.room:  # nobody can be taken out of a room, but they can leave it
            left = self.until(lambda fact: isinstance(fact, LegLeft) and fact.leg == to.id)
            await self.say(speaks_talk.send(to.id, Place.ALONE))
            await left
        joined = self.all_joined({citizen.id})
        await self.say(speaks_talk.put(citizen.id, "GRIDLINE_PEER", to.id))
        await self.say(speaks_talk.send(citizen.id, Place.JOIN_CITIZEN))
        await joined
        self.write(notes.note("Handed", Uniqueid=to.id, Seat=who.seat.leg.seat, How=how))
        await self.release(who.seat)

    async def send_on(
        self, who: Parties, kind: str, name: str, seat: str, how: str, *, auto: bool = False
    ) -> None:
        """Send the citizen to a seat, a queue or a number; whoever else was in the call is released."""
        await self.send(who.theirs, kind, name, seat, how, auto=auto)
        for one in who.all:
            if one.id != who.theirs.id:
                await self.release(one)

    async def send(
        self, citizen: Party, kind: str, name: str, seat: str, how: str, *, auto: bool, beside: Party | None = None
    ) -> None:  # fmt: skip
        """Send the citizen to a seat, a queue or a number, until they have arrived; `beside` stays, by itself."""
        sent = self.until(lambda fact: isinstance(fact, CallTransferred) and fact.call == citizen.leg.call)
        await self.say(speaks_talk.put(citizen.id, "GRIDLINE_BY", seat))
        await self.say(speaks_talk.put(citizen.id, "GRIDLINE_HOW", how))
        await self.say(speaks_talk.put(citizen.id, "_GRIDLINE_AUTOANSWER", "1" if auto else ""))
        there = (f"gridline-transfer-{kind}", name)
        if beside is None:
            await self.say(speaks_talk.send(citizen.id, there))
        else:
            await self.say(speaks_talk.send_two(citizen.id, there, beside.id, Place.ALONE))
        await sent

    async def release(self, one: Party) -> None:
        """End a leg, if it is not over already."""
        try:
            await self.say(speaks_talk.hang_up(one.id))
        except ActionFailed:
            pass  # most often it left by itself a moment ago

    async def mark(self, one: Party, peer: Party, seat: str) -> None:
        """Tell a leg whom it waits for."""
        await self.say(speaks_talk.put(one.id, "GRIDLINE_PEER", peer.id))
        await self.say(speaks_talk.put(one.id, "GRIDLINE_BY", seat))

    async def say(self, action: Any) -> None:
        """Say it to the PBX. Raises what the link raises."""
        await self.mouth.action(action)
