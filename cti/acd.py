"""The ACD: on every change of the floor the matcher is asked, and the caller is sent to ring the seat.

A pair is reserved from the moment it is asked for until the PBX shows what came of it. What was asked for is never
asked again blindly: when nothing is seen for `OBSERVE` seconds the PBX is looked at, and only then the pair is free.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog

from conf.settings import Acd as AcdSettings
from cti import notes, speaks, speaks_talk
from cti.floor import Floor
from cti.link import Action, ActionFailed, Answer, LinkDown, LinkLost, UnsafeAction
from cti.live import LiveSeat
from cti.notes import Note
from schema.facts import CallAnswered, CallEnded, CallOffered, Fact, OfferFailed, WrapUpStarted
from schema.ids import CallId
from schema.rules.queueing import Caller, Idle, match

OBSERVE = 3.0
REFUSED_WAIT = 1.0
BLAMED = ("no answer", "busy", "unreachable")
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
    ) -> None:
        self.node = node
        self._settings, self._floor, self._mouth = settings, floor, mouth
        self._clock, self._utc, self._spawn, self._write = clock, utc, spawn, write
        self._may_act, self._look = may_act, look
        self._reserved: dict[CallId, Reserved] = {}
        self._not_before: dict[CallId, float] = {}
        self._wraps: dict[str, Any] = {}
        self._others: list[Router] = []

    def span(self, others: list["Router"]) -> None:
        """Route together with these, of other PBXs: their idle seats serve callers here."""
        self._others = others

    @property
    def taken(self) -> set[str]:
        """Seats, of whatever PBX, that callers here are being sent to."""
        return {reserved.seat for reserved in self._reserved.values()}

    @property
    def idle(self) -> list[LiveSeat]:
        """Seats here that may be rung."""
        if not self._may_act():
            return []
        return [seat for seat in self._floor.seats.values() if seat.state == "ready"]

    def offer(self) -> None:
        """Send every caller who can be sent now."""
        if not self._may_act():
            return
        now = self._clock.seconds()
        taken = self.taken.union(*(other.taken for other in self._others))
        far = {seat.seat: (other, seat) for other in self._others for seat in other.idle}
        callers = [
            Caller(call.call, call.waiting_since or call.since, call.priority, call.returning)
            for call in self._floor.calls.values()
            if call.stage == "queue"
            and call.call not in self._reserved
            and self._not_before.get(call.call, 0.0) <= now
        ]
        seats = [Idle(seat.seat, seat.idle_since or seat.since)
                 for seat in [*self.idle, *(seat for _, seat in far.values())] if seat.seat not in taken]  # fmt: skip
        for caller, seat in match(callers, seats):
            call = self._floor.calls[CallId(caller.call)]
            self._reserved[call.call] = Reserved(seat.seat)
            self._spawn(self._ring(call.call, call.leg, seat.seat, far.get(seat.seat)))

    def offer_all(self) -> None:
        """Offer here, then elsewhere: a seat that got idle here may serve a caller of another PBX."""
        for router in (self, *self._others):
            router.offer()

    def heard(self, fact: Fact) -> None:
        """Take note of what was observed; called after the floor has heard the fact."""
        if isinstance(fact, CallOffered | OfferFailed | CallAnswered | CallEnded):
            self._release(fact.call)
        if isinstance(fact, CallEnded):
            self._not_before.pop(fact.call, None)
        if isinstance(fact, OfferFailed) and fact.reason in BLAMED and not fact.inferred:
            seat = self._floor.seats.get(fact.seat)
            if seat is not None and not seat.paused:
                self._write(notes.seat_paused(fact.seat, fact.reason))
        if isinstance(fact, WrapUpStarted):
            self.wrap_up(fact.seat)

    def wrap_up(self, name: str) -> None:
        """Let the seat's wrap-up end by itself when its time is over (also after a restart in the middle of it)."""
        self._cancel(self._wraps.pop(name, None))
        seat = self._floor.seats.get(name)
        if seat is None or seat.busy != "wrapup":
            return
        began = seat.since

        def over() -> None:
            now = self._floor.seats.get(name)
            self._wraps.pop(name, None)
            if now is not None and now.busy == "wrapup" and now.since == began:
                self._write(notes.wrapped_up(name, "timer"))

        left = self._settings.wrap_up - (self._utc() - began).total_seconds()
        self._wraps[name] = self._clock.callLater(max(left, 0.0), over)

    def stop(self) -> None:
        """Wait for nothing more."""
        for due in [*self._wraps.values(), *(reserved.due for reserved in self._reserved.values())]:
            self._cancel(due)

    async def _ring(
        self, call: CallId, leg: str, seat: str, far: "tuple[Router, LiveSeat] | None" = None
    ) -> None:
        try:
            if far is not None:
                for name, value in (("GRIDLINE_FAR", far[0].node), ("GRIDLINE_FAR_USER", str(far[1].user))):
                    await self._mouth.action(speaks_talk.put(leg, name, value))
                await self._mouth.action(speaks_talk.send(leg, ("gridline-dial-far", seat)))
            else:
                await self._mouth.action(speaks.ring_seat(leg, seat))
        except (ActionFailed, LinkDown, UnsafeAction) as error:
            # Nothing was done. Most often the caller has just hung up, and the floor is about to hear of it.
            log.info("a caller was not sent to a seat", call=str(call), seat=seat, reason=str(error))
            self._not_before[call] = self._clock.seconds() + REFUSED_WAIT
            self._release(call)
            self._clock.callLater(REFUSED_WAIT, self.offer)
            return
        except (LinkLost, TimeoutError) as error:
            log.warning(
                "it is not known whether a caller was sent to a seat", call=str(call), reason=str(error)
            )
        reserved = self._reserved.get(call)
        if reserved is not None:
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

    def _cancel(self, due: Any) -> None:
        if due is not None and due.active():
            due.cancel()
