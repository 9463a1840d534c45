"""Control of calls: what an agent orders about the call at the seat, carried out by sending legs to places.

Each leg is sent where it should be, and an order is done when it was heard there.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from cti import parties, speaks_talk
from cti.acd import Speaks
from cti.floor import Floor
from cti.hears import Hearing
from cti.link import LinkLost
from cti.moves import Moves
from cti.notes import Note
from cti.parties import OrderFailed
from cti.speaks_talk import Place
from schema.facts import (
    CallFact,
    CallOffered,
    LegEnded,
    LegFailed,
    LegRang,
    OfferFailed,
    RecordingPaused,
    RecordingResumed,
)
from schema.orders import (
    CallOut,
    CancelConsult,
    CompleteTransfer,
    Conference,
    Consult,
    DictatePrompt,
    Hold,
    PauseRecording,
    RecoverCall,
    Resume,
    ResumeRecording,
    SendDigits,
    Swap,
    Transfer,
)

BETWEEN_DIGITS = 0.25


class Control(Moves):
    """Carries out orders about calls. `caller` is the number that citizens see, `shown` that of a service by name."""

    def __init__(
        self, hearing: Hearing, floor: Floor, mouth: Speaks, *, caller: str, write: Callable[[Note], None],
        shown: Callable[[str], str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(hearing, mouth, write=write)
        self.floor, self.caller = floor, caller
        self.shown = shown or (lambda _service: caller)
        self.does: dict[type[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {
            Hold: self.hold, Resume: self.resume, Transfer: self.transfer, Consult: self.consult, Swap: self.swap,
            CancelConsult: self.cancel, CompleteTransfer: self.complete, Conference: self.conference,
            PauseRecording: self.pause_recording, ResumeRecording: self.resume_recording,
            CallOut: self.call_out, SendDigits: self.digits, RecoverCall: self.recover,
            DictatePrompt: self.dictate,
        }  # fmt: skip

    # -- what an agent orders ---------------------------------------------------------------------------------

    async def hold(self, order: Hold) -> None:
        """The citizen hears music, the seat nothing."""
        who = self.at(order.seat)
        citizen = who.theirs
        if citizen.leg.held:
            return
        if who.asked is not None and not who.room:
            raise OrderFailed("the citizen waits while somebody is consulted; swap instead")
        await self.put_on_hold(who, citizen, Place.HOLD_CITIZEN)

    async def resume(self, order: Resume) -> None:
        """The citizen comes back to the seat."""
        who = self.at(order.seat)
        if not who.theirs.leg.held:
            return
        there = who.seat.leg.bridge
        if who.asked is not None and who.asked.leg.bridge == there != "" and not who.seat.leg.room:
            raise OrderFailed("somebody is being consulted; swap, or end the consultation")
        await self.join(who.theirs, Place.JOIN_CITIZEN, who.seat)

    async def pause_recording(self, order: PauseRecording) -> None:
        """Nothing that anybody in the call says is recorded."""
        await self._record(order.seat, on=False)

    async def resume_recording(self, order: ResumeRecording) -> None:
        """The call is recorded again."""
        await self._record(order.seat, on=True)

    async def _record(self, seat: str, *, on: bool) -> None:
        who = self.at(seat)
        if not who.seat.leg.recording:
            raise OrderFailed("nothing of this call is being recorded")
        kind = RecordingResumed if on else RecordingPaused
        for one in who.all:
            if one.leg.recording and one.leg.unrecorded == on:
                await self._switch(one.id, kind, on=on)

    async def _switch(self, leg: str, kind: type[CallFact], *, on: bool) -> None:
        told = self.until(lambda fact: isinstance(fact, kind) and getattr(fact, "leg", "") == leg)
        await self.say(speaks_talk.record(leg, on))
        await told

    async def transfer(self, order: Transfer, how: str = "blind", auto: bool = False) -> None:
        """Send the citizen on; the seat is released."""
        who = self.at(order.seat)
        kind, name = speaks_talk.target(order.target, "seat", "queue", "number")
        if kind == "seat":
            parties.free_seat(self.floor, name, order.seat)
        await self.send_on(who, kind, name, order.seat, how, auto=auto)

    async def consult(self, order: Consult) -> None:
        """Ring somebody while the citizen waits."""
        who = self.at(order.seat)
        kind, name = speaks_talk.target(order.target, "seat", "number")
        if who.asked is not None:
            raise OrderFailed("somebody is being consulted already")
        if who.room:
            raise OrderFailed("three are talking; let one go first")
        if kind == "seat":
            parties.free_seat(self.floor, name, order.seat)
        there = (f"gridline-consult-{kind}", name)
        rang = self.until(
            lambda fact: (
                isinstance(fact, LegRang | LegFailed) and fact.by == order.seat and fact.why == "consult"
            )
        )
        if who.citizen is None or who.citizen.leg.held:
            await self.say(speaks_talk.send(who.seat.id, there))
        else:
            await self.mark(who.citizen, who.seat, order.seat)
            await self.part(who.citizen, Place.HOLD_CITIZEN, who.seat, there)
        await rang

    async def swap(self, order: Swap) -> None:
        """Talk to the other one of the two."""
        who = self.at(order.seat)
        asked, citizen = who.guest, who.theirs
        if who.room:
            raise OrderFailed("all three are talking")
        if citizen.leg.held:
            await self.put_on_hold(who, asked, Place.HOLD_PARTY)
            await self.join(citizen, Place.JOIN_CITIZEN, who.seat)
        else:
            await self.put_on_hold(who, citizen, Place.HOLD_CITIZEN)
            await self.join(asked, Place.JOIN_PARTY, who.seat)

    async def cancel(self, order: CancelConsult) -> None:
        """Let whoever was asked go, and take the citizen back."""
        who = self.at(order.seat)
        asked = who.asked
        if asked is not None:
            ended = self.until(lambda fact: isinstance(fact, LegEnded) and fact.leg == asked.id)
            if asked.leg.answered and not asked.leg.held and not who.seat.leg.room:
                await self.say(speaks_talk.send_two(asked.id, Place.BYE, who.seat.id, Place.ALONE))
            elif not asked.leg.answered:
                await self.say(speaks_talk.send(who.seat.id, Place.ALONE))
            else:
                await self.say(speaks_talk.hang_up(asked.id))
            await ended
        if who.citizen is not None and who.citizen.leg.held:
            await self.join(who.citizen, Place.JOIN_CITIZEN, who.seat)

    async def complete(self, order: CompleteTransfer) -> None:
        """The citizen goes on with whoever was asked."""
        who = self.at(order.seat)
        await self.hand_over(who, who.guest, "consulted")

    async def conference(self, order: Conference) -> None:
        """All three in one room."""
        who = self.at(order.seat)
        asked, citizen = who.guest, who.theirs
        if who.room:
            return
        near, far = (asked, citizen) if citizen.leg.held else (citizen, asked)
        if (
            who.seat.leg.room
        ):  # still there, while one of them was on hold: a seat that left would end the room
            for one in (near, far):
                if one.leg.bridge != who.seat.leg.bridge:
                    await self.join(one, one.in_room, who.seat)
            return
        all_in = self.all_joined({who.seat.id, near.id, far.id})
        await self.say(speaks_talk.send_two(who.seat.id, Place.ROOM_SEAT, near.id, near.in_room))
        await self.say(speaks_talk.send(far.id, far.in_room))
        await all_in

    async def call_out(self, order: CallOut) -> None:
        """Ring the seat, then the number; or another seat."""
        kind, name = speaks_talk.target(order.target, "seat", "number")
        self.alone(order.seat)
        if kind == "seat":
            parties.free_seat(self.floor, name, order.seat)
        contact = str(order.contact or order.order)
        variables = {
            "__GRIDLINE_CONTACT": contact, "__GRIDLINE_CALL": str(order.call), "__GRIDLINE_CASE": str(order.case or ""),
            "GRIDLINE_WHY": f"{'internal' if kind == 'seat' else 'out'}:{name}",
        }  # fmt: skip
        if kind == "number" and (shown := self.shown(order.service)) != self.caller:
            variables["GRIDLINE_SHOWN"] = shown  # without it the dialplan shows the hotline
        await self.ring(order, (f"gridline-out-{kind}", name), variables, caller=name)

    async def dictate(self, order: DictatePrompt) -> None:
        """Ring the seat, which speaks a prompt to the PBX."""
        self.alone(order.seat)
        parties.free_seat(self.floor, order.seat, "")
        variables = {
            "__GRIDLINE_CONTACT": str(order.order), "__GRIDLINE_CALL": str(order.call), "GRIDLINE_WHY": "prompt",
            "GRIDLINE_LANGUAGE": order.spoken,
        }  # fmt: skip
        await self.ring(order, ("gridline-prompt", "s"), variables, caller=self.caller, ring_ms=30_000)

    def alone(self, seat: str) -> None:
        """Raises OrderFailed for a seat that is in a call."""
        busy = parties.state(self.floor, seat) in ("ringing", "talking")
        if busy or self.hearing.memory.at_seat(seat) is not None:
            raise OrderFailed(f"seat {seat} is in a call")

    async def ring(
        self, order: CallOut | DictatePrompt, place: tuple[str, str], variables: dict[str, str], *, caller: str,
        ring_ms: int = 15_000,
    ) -> None:  # fmt: skip
        """Ring the seat of an order until that is seen, and send it to a place once it has answered."""
        rang = self.until(
            lambda fact: (
                isinstance(fact, LegRang | LegFailed) and fact.call == order.call and fact.seat == order.seat
            )
        )
        ring = speaks_talk.ring(order.seat, order.order, place, variables, caller=caller, ring_ms=ring_ms)
        try:
            await self.say(ring)
        except (LinkLost, TimeoutError) as lost:
            try:
                await rang  # it may have been heard all the same: never said twice
            except OrderFailed:
                raise lost from None
            return
        await rang

    async def digits(self, order: SendDigits) -> None:
        """Press keys for the one the seat talks with."""
        if not speaks_talk.DIGITS.fullmatch(order.digits):
            raise OrderFailed(f"{order.digits[:40]!r} is not 1 to 32 of 0–9 * # A–D")
        who = self.at(order.seat)
        bridge = who.seat.leg.bridge
        near = [one for one in who.all[1:] if one.leg.bridge == bridge and one.leg.kind != "watcher"]
        if not bridge or not near:
            raise OrderFailed("the seat talks with nobody now")
        for one in order.digits:
            for party in near:
                await self.say(speaks_talk.digit(party.id, one))
            await asyncio.sleep(BETWEEN_DIGITS)

    async def recover(self, order: RecoverCall) -> None:
        """The seat's page is a new one: ring it again with the citizen it had. Whoever it consulted waits on hold."""
        who = self.at(order.seat)
        if who.seat.leg.why == "consult":
            raise OrderFailed("the seat was only asked; whoever asked it has the citizen")
        waits = who.asked if who.asked is not None and who.asked.leg.answered else None
        if waits is not None:
            if not waits.leg.held:
                await self.put_on_hold(who, waits, Place.HOLD_PARTY)
            await self.mark(waits, who.theirs, order.seat)
        call = who.seat.leg.call
        rings = self.until(
            lambda fact: (
                isinstance(fact, CallOffered | OfferFailed) and fact.call == call and fact.seat == order.seat
            )
        )
        # The old leg is kept until the new one rings: the seat has one call all along, and nothing to write up yet.
        seat = who.seat.leg
        beside = who.seat if not seat.room and seat.bridge == who.theirs.leg.bridge != "" else None
        await self.send(who.theirs, "seat", order.seat, order.seat, "recovered", auto=True, beside=beside)
        await rings
        for one in who.all:
            if one not in (who.citizen, waits):
                await self.release(one)
