"""The ACD: on every change of the floor the matcher is asked, and the caller is sent to ring the seat.

A pair is reserved from the moment it is asked for until the PBX shows what came of it. What was asked for is never
asked again blindly: when nothing is seen for `OBSERVE` seconds the PBX is looked at, and only then the pair is free.
Only what changed is given to the matcher. Several routers, one a PBX, share one line (`cti.line`).
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from conf.settings import Acd as AcdSettings
from cti import callers, notes, speaks, speaks_talk
from cti.callers import Served
from cti.floor import Changed, Floor
from cti.line import Line
from cti.link import Action, ActionFailed, Answer, LinkDown, LinkLost, UnsafeAction
from cti.notes import Note
from cti.parties import OrderFailed
from cti.wraps import WrapUps
from schema.facts import (
    CallAnswered,
    CallBackPromised,
    CallEnded,
    CallOffered,
    Fact,
    OfferFailed,
    PromiseFact,
)
from schema.ids import CallId
from schema.orders import PickCaller
from schema.rules.queueing import Caller, Idle
from schema.services import rules_of

OBSERVE = 3.0
REFUSED_WAIT = 1.0
BLAMED = ("no answer", "busy", "unreachable")
SITE = ("zh", "en", "ug")
log = structlog.get_logger()


class Speaks(Protocol):
    """The mouth, as far as it is needed here."""

    async def action(self, action: Action, timeout: float = 5.0) -> Answer:
        """Say it. Raises LinkDown, LinkLost, ActionFailed, UnsafeAction, TimeoutError."""


@dataclass(slots=True)
class Reserved:
    """A caller who is being sent to a seat."""

    seat: str
    due: Any = None


class Router:
    """Sends callers to seats.

    `may_act` says whether the floor can be believed; `write` puts a note on the tape; `spawn` runs a coroutine; `look`
    compares the floor with the PBX and mends it; `clock` is the reactor's (IReactorTime), `utc` the time of day.
    `calls_back` takes a promised call-back whose turn has come, with the seat that is kept for it.
    """

    def __init__(
        self,
        settings: AcdSettings,
        floor: Floor,
        mouth: Speaks,
        *,
        clock: Any,
        utc: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        write: Callable[[Note], None],
        may_act: Callable[[], bool],
        look: Callable[[], Awaitable[None]],
        node: str = "",
        languages: tuple[str, ...] = SITE,
    ) -> None:
        self.node = node
        self.floor, self.mouth, self._languages = floor, mouth, languages
        self._clock, self._utc, self._spawn, self._write = clock, utc, spawn, write
        self._may_act, self._look = may_act, look
        self.calls_back: Callable[[Caller, Idle], None] = lambda caller, idle: None
        self.line = Line(rules_of(settings))
        self.line.routers[node] = self
        self.served = Served(settings.sticky_for)
        self.wraps = WrapUps(floor, clock=clock, utc=utc, write=write)
        self.sent_away: set[CallId] = set()
        self._reserved: dict[CallId, Reserved] = {}
        self._not_before: dict[CallId, datetime] = {}
        self._acting = False
        self._calls: set[UUID] = set()
        self._seats: set[str] = set()

    def span(self, others: list["Router"]) -> None:
        """Route together with these, of other PBXs, over one line."""
        for other in others:
            other.line = self.line
            self.line.routers[other.node] = other

    # -- what changed ------------------------------------------------------------------------------------------

    def changed(self, changed: Changed) -> None:
        """These calls and seats are not what they were."""
        self._calls |= changed.calls
        self._seats |= changed.seats

    def heard(self, fact: Fact) -> None:
        """Take note of what was observed; called after the floor has heard the fact."""
        if isinstance(fact, CallOffered | OfferFailed | CallAnswered | CallEnded):
            self._observed(fact)
        elif isinstance(fact, PromiseFact | CallBackPromised):
            self._calls.add(fact.promise)
        self.wraps.heard(fact)
        if self.line.follows and (follow := self.line.follows.get(getattr(fact, "call", None))) is not None:  # type: ignore[arg-type]
            follow(fact)

    def look_again(self, call: UUID) -> None:
        """Something that the floor does not show has changed for a caller."""
        self._calls.add(call)

    def is_reserved(self, call: CallId) -> bool:
        """Whether a caller is being sent to a seat."""
        return call in self._reserved

    def _observed(self, fact: CallOffered | OfferFailed | CallAnswered | CallEnded) -> None:
        mine = self._reserved.get(fact.call)
        if not isinstance(fact, CallOffered) or fact.seat in self.floor.seats:
            self._release(fact.call)  # a seat elsewhere is kept until its own PBX shows it ringing
        elif mine is not None:
            self._cancel(mine.due)
        if isinstance(fact, CallOffered) and fact.seat in self.floor.seats:
            self.line.free(fact.seat, fact.call)
        if isinstance(fact, CallAnswered) and fact.seat:
            call = self.floor.calls.get(fact.call)
            self.served.note(call.number if call else "", fact.seat, fact.user, fact.at)
        if isinstance(fact, CallEnded):
            self._not_before.pop(fact.call, None)
            self.sent_away.discard(fact.call)
        if isinstance(fact, OfferFailed) and fact.reason in BLAMED and not fact.inferred:
            self.blame(fact.seat, fact.reason)

    def blame(self, name: str, reason: str) -> None:
        """A seat that did not take a call takes no more until its agent says so."""
        seat = self.floor.seats.get(name)
        if seat is not None and not seat.paused:
            self._write(notes.seat_paused(name, reason))

    # -- offering ----------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Send every caller who can be sent now, to whatever seat."""
        self.line.offer(self._utc())

    def sync(self) -> None:
        """Give the line what changed here. A floor that cannot be believed has nobody in it."""
        acting = self._may_act()
        if acting != self._acting:
            self._acting = acting
            self._calls |= {*self.floor.calls, *self.floor.promises}
            self._seats |= self.floor.seats.keys()
        elif not acting:
            return
        now = self._utc()
        calls, self._calls = self._calls, set()
        seats, self._seats = self._seats, set()
        for call in calls:
            self.line.put_caller(call, self._caller(call, now) if acting else None, now)
        for name in seats:
            self.line.put_seat(name, self._idle(name) if acting else None)

    def _caller(self, name: UUID, now: datetime) -> Caller | None:
        call = self.floor.calls.get(CallId(name))
        promise = self.floor.promises.get(name)
        if call is not None and call.stage == "queue":
            if call.call in self._reserved or call.call in self.line.kept or call.call in self.sent_away:
                return None
            sticky = self.served.last(call.number, now)
            return callers.of_call(call, self.node, sticky, self._not_before.get(call.call))
        if promise is not None and promise.state != "dialling" and name not in self.line.kept:
            return callers.of_promise(promise, self.node, self.served.last(promise.number, now))
        return None

    def _idle(self, name: str) -> Idle | None:
        seat = self.floor.seats.get(name)
        if seat is None or seat.state != "ready" or name in self.line.reserved:
            return None
        return callers.of_seat(seat, self.node, self._languages)

    async def pick(self, order: PickCaller) -> None:
        """An agent picks a waiting caller. Raises OrderFailed."""
        self.line.offer(self._utc())
        seat = self.floor.seats.get(order.seat)
        if order.seat not in self.line.seats:
            raise OrderFailed(
                f"seat {order.seat} is {seat.state if seat else 'not open'}: it cannot take a call now"
            )
        self.line.offer(self._utc(), {order.seat: order.call})
        if self.line.reserved.get(order.seat) != order.call:
            raise OrderFailed("that caller does not wait any more")

    def send(self, caller: Caller, idle: Idle) -> None:
        """Bring a caller of this PBX to a seat."""
        if caller.callback:
            self.calls_back(caller, idle)
            return
        call = CallId(caller.call)
        self._reserved[call] = Reserved(idle.seat)
        self._spawn(self._ring(call, self.floor.calls[call].leg, idle))

    def freed(self, seat: str) -> None:
        """See Sends."""
        self._seats.add(seat)

    def stop(self) -> None:
        """Wait for nothing more."""
        self.wraps.stop()
        for reserved in self._reserved.values():
            self._cancel(reserved.due)

    async def _ring(self, call: CallId, leg: str, idle: Idle) -> None:
        seat = idle.seat
        try:
            if idle.node != self.node:
                for name, value in (("GRIDLINE_FAR", idle.node), ("GRIDLINE_FAR_USER", str(idle.user))):
                    await self.mouth.action(speaks_talk.put(leg, name, value))
                await self.mouth.action(speaks_talk.send(leg, ("gridline-dial-far", seat)))
            else:
                await self.mouth.action(speaks.ring_seat(leg, seat))
        except (ActionFailed, LinkDown, UnsafeAction) as error:
            # Nothing was done. Most often the caller has just hung up, and the floor is about to hear of it.
            log.info("a caller was not sent to a seat", call=str(call), seat=seat, reason=str(error))
            self._not_before[call] = self._utc() + timedelta(seconds=REFUSED_WAIT)
            self._release(call)
            self._clock.callLater(REFUSED_WAIT, self.offer)
            return
        except (LinkLost, TimeoutError) as error:
            log.warning(
                "it is not known whether a caller was sent to a seat", call=str(call), reason=str(error)
            )
        reserved = self._reserved.get(call)
        if reserved is not None and reserved.due is None:
            reserved.due = self._clock.callLater(OBSERVE, self._unseen, call, reserved)

    def _unseen(self, call: CallId, reserved: Reserved) -> None:
        if self._reserved.get(call) is reserved:
            self._spawn(self._find_out(call, reserved))

    async def _find_out(self, call: CallId, reserved: Reserved) -> None:
        log.warning("nothing was seen of an offer; looking at the PBX", call=str(call), seat=reserved.seat)
        await self._look()
        if self._reserved.get(call) is reserved:
            self._release(call)
            self.offer()

    def _release(self, call: CallId) -> None:
        reserved = self._reserved.pop(call, None)
        if reserved is not None:
            self._cancel(reserved.due)
            self._calls.add(call)
            self.line.free(reserved.seat, call)

    def _cancel(self, due: Any) -> None:
        if due is not None and due.active():
            due.cancel()
