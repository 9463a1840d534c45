"""Errands: orders of other rooms, carried out at the PBX once each: intent → sent → observed, or failed with a reason.

The intent is a row before anything is done. What a restart finds unfinished is looked at, never blindly done again.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from conf.settings import Settings
from cti import notes, speaks
from cti.control import Control
from cti.endpoints import EndpointRefused, Endpoints, PbxAway
from cti.floor import Floor
from cti.hears import Hearing
from cti.keeper import Keeper
from cti.link import ActionFailed, LinkDown, LinkLost, Mouth, UnsafeAction
from cti.notes import Note
from cti.parties import OrderFailed
from cti.rescue import Rescue
from cti.visits import Visits
from cti.watch import Watch
from schema.desk import orders, seats
from schema.facts import Fact, LegEnded
from schema.ids import CallId
from schema.orders import (
    CallCitizen,
    CallOut,
    CloseSeat,
    ExtendWrapUp,
    ForceLogOut,
    HangUpSeat,
    MakeReady,
    OpenSeat,
    Order,
    Pause,
    SeatOrder,
    SkillSeat,
)
from schema.store import Store, StoreUnreachable, UnitOfWork

PBX_PATIENCE = 10
LONGEST_EXTENSION = 600
log = structlog.get_logger()


class Errands:
    """Carries out orders, one after the other for each seat. `begin` runs on any thread, all else on the reactor's."""

    def __init__(
        self,
        store: Store,
        floor: Floor,
        hearing: Hearing,
        mouth: Mouth,
        endpoints: Endpoints,
        keeper: Keeper,
        visits: Visits,
        control: Control,
        watch: Watch,
        rescue: Rescue,
        settings: Settings,
        *,
        write: Callable[[Note], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        utc: Callable[[], datetime],
    ) -> None:
        self._store, self._floor, self._hearing = store, floor, hearing
        self._mouth, self._endpoints, self._keeper, self._visits = mouth, endpoints, keeper, visits
        self._write, self._spawn, self._utc = write, spawn, utc
        self._control, self._rescue = control, rescue
        self._talk = control.does | watch.does
        self.kinds: Collection[type[Order]] = (
            OpenSeat, CloseSeat, MakeReady, Pause, HangUpSeat, CallCitizen, ExtendWrapUp, SkillSeat, ForceLogOut,
            *self._talk,
        )  # fmt: skip
        self._settings = settings
        self._lanes: dict[str, asyncio.Lock] = {}
        self._begun = False
        self._early: list[Order] = []
        self._in_hand: set[UUID] = set()
        self._hang_ups: dict[str, UUID] = {}

    def also(self, does: dict[type[Any], Callable[[Any], Coroutine[Any, Any, None]]]) -> None:
        """Carry out these orders too, each by its own."""
        self._talk |= does
        self.kinds = (*self.kinds, *does)

    def begin(self, order: Order) -> bool:
        """Write the intent down; whether anything is left to do here. Raises StoreUnreachable."""
        if not self._ours(order):
            return False
        with self._store.work() as work:
            return orders.begin(work, order) not in orders.OVER

    def take(self, order: Order) -> None:
        """Carry it out when it is its turn; one already in hand is not taken twice."""
        if order.order in self._in_hand:
            return
        self._in_hand.add(order.order)
        if self._begun:
            self._spawn(self._in_turn(order))
        else:
            self._early.append(order)

    async def run(self) -> None:
        """Carry out what was left unfinished, then what came meanwhile."""
        for order, state in await asyncio.to_thread(self._unfinished):
            if isinstance(order, CallCitizen):
                self._in_hand.add(order.order)
                self._visits.resume(order, state)
            elif type(order) in self._talk:
                # What it was about has moved on meanwhile: done now it could hit another call, or ring somebody twice.
                await self.progress(order.order, "failed", "the telephone room was restarted; ask again")
            else:
                self.take(order)
        self._begun = True
        early, self._early = self._early, []
        for order in early:
            self._spawn(self._in_turn(order))

    async def _in_turn(self, order: Order) -> None:
        async with self._lanes.setdefault(getattr(order, "seat", ""), asyncio.Lock()):
            try:
                await self._carry_out(order)
            except (OrderFailed, ActionFailed, LinkDown, LinkLost, TimeoutError, UnsafeAction, speaks.Unspeakable,
                    EndpointRefused, PbxAway) as error:  # fmt: skip
                log.warning("an order failed", order=type(order).__name__, reason=str(error))
                await self.progress(order.order, "failed", str(error))

    def _ours(self, order: Order) -> bool:
        """Whether this node is the one to do it: the seat's, or the first for what concerns no seat."""
        seat = getattr(order, "seat", "")
        node = self._settings.node_of(seat).node if seat else self._settings.first
        return node == self._hearing.node

    def observed(self, fact: Fact) -> UUID | None:
        """The order that this fact shows done, if any."""
        return self._hang_ups.pop(fact.leg, None) if isinstance(fact, LegEnded) else None

    async def progress(self, order: UUID, state: str, reason: str = "") -> None:
        """Write down how far an order is, when the database takes it."""
        await self._write_down(lambda work: orders.progress(work, order, state, reason))
        if state in orders.OVER:
            self._in_hand.discard(order)

    async def _carry_out(self, order: Order) -> None:
        if isinstance(order, SeatOrder) and order.during is not None:
            self._insist(order.seat, order.during)
        if (does := self._talk.get(type(order))) is not None:
            await self._once(order)
            await does(order)
        elif isinstance(order, OpenSeat):
            await self._open(order)
        elif isinstance(order, ForceLogOut):
            await self._log_out(order)
        elif isinstance(order, ExtendWrapUp):
            self._extend(order)
        elif isinstance(order, SkillSeat):
            self._seat(order.seat)
            self._write(notes.seat_skilled(order.seat, order.languages, order.skills, order.queues))
        elif isinstance(order, CloseSeat):
            await self.progress(order.order, "sent")
            await self._free(order.seat, "seat closed")
            await self._patiently(lambda: self._endpoints.close(order.seat))
            self._write(notes.seat_closed(order.seat))
        elif isinstance(order, MakeReady):
            seat = self._seat(order.seat)
            if seat.busy == "wrapup":
                self._write(notes.wrapped_up(order.seat, "agent"))
            if seat.paused:
                self._write(notes.seat_ready(order.seat))
        elif isinstance(order, Pause):
            self._seat(order.seat)
            self._write(notes.seat_paused(order.seat, order.reason))
        elif isinstance(order, HangUpSeat):
            await self._hang_up(order)
            return
        elif isinstance(order, CallCitizen):
            await self._visits.call(order)
            return
        await self.progress(order.order, "observed")

    async def _open(self, order: OpenSeat) -> None:
        self._keeper.opening.add(order.seat)
        try:
            await self._write_down(lambda work: seats.prepare(work, order, self._hearing.node))
            await self.progress(order.order, "sent")
            await self._free(order.seat, "seat opened anew")
            self._write(notes.seat_opening(order.seat))
            await self._patiently(lambda: self._open_at_pbx(order))
            self._write(notes.seat_opened(order.seat, order.user, order.name))
        except BaseException:
            await self._write_down(lambda work: seats.give_up(work, order.seat))
            if order.seat in self._floor.seats:
                self._write(notes.seat_closed(order.seat))
            raise
        finally:
            self._keeper.opening.discard(order.seat)

    async def _once(self, order: Order) -> None:
        """Only a call placed anew could be doubled by a crash: its "sent" is written before the PBX hears of it."""
        if isinstance(order, CallOut):
            await self.progress(order.order, "sent")

    async def _log_out(self, order: ForceLogOut) -> None:
        self._seat(order.seat)
        await self._free(order.seat, "logged out")
        await self._patiently(lambda: self._endpoints.close(order.seat))
        self._write(notes.seat_closed(order.seat))

    async def _free(self, seat: str, how: str) -> None:
        """Whoever talks with a seat that is made anew or taken away goes back to the line: the PBX would hang them up.

        A browser that died and was started again at once is such a seat.
        """
        try:
            await self._rescue.free(seat, how)
        except OrderFailed:
            pass  # it was in no call
        except (ActionFailed, LinkDown, LinkLost, TimeoutError) as error:
            log.info("nobody could be freed of a seat", seat=seat, reason=str(error))

    def _extend(self, order: ExtendWrapUp) -> None:
        seat = self._seat(order.seat)
        if seat.busy != "wrapup":
            raise OrderFailed(f"seat {order.seat} does not write up a call")
        if not 1 <= order.seconds <= LONGEST_EXTENSION:
            raise OrderFailed(f"{order.seconds} s is not between 1 and {LONGEST_EXTENSION}")
        until = max(seat.wrap_until or self._utc(), self._utc()) + timedelta(seconds=order.seconds)
        self._write(notes.wrap_up_extended(order.seat, until))

    async def _open_at_pbx(self, order: OpenSeat) -> None:
        await self._endpoints.open(order.seat, order.digest, order.name, webrtc=order.webrtc)

    async def _hang_up(self, order: HangUpSeat) -> None:
        legs = [
            u for u, leg in self._hearing.memory.legs.items() if leg.seat == order.seat and not leg.failed
        ]
        if not legs:
            raise OrderFailed(f"seat {order.seat} has no call")
        await self.progress(order.order, "sent")
        self._hang_ups[legs[-1]] = order.order
        try:
            await self._mouth.action(speaks.hang_up(legs[-1]))
        except Exception:
            self._hang_ups.pop(legs[-1], None)
            raise

    def _seat(self, name: str) -> Any:
        seat = self._floor.seats.get(name)
        if seat is None:
            raise OrderFailed(f"seat {name} is not open")
        return seat

    def _insist(self, seat: str, call: CallId) -> None:
        live = self._floor.seats.get(seat)
        if live is None or live.call != call:
            raise OrderFailed(f"that call is over at seat {seat}")

    async def _patiently(self, ask: Callable[[], Any]) -> None:
        """Ask the PBX, for ten seconds if it must start first. Raises PbxAway, EndpointRefused."""
        for turn in range(PBX_PATIENCE):
            try:
                await ask()
                return
            except PbxAway:
                if turn == PBX_PATIENCE - 1:
                    raise
                await asyncio.sleep(1)

    async def _write_down(self, write: Callable[[UnitOfWork], None]) -> None:
        def once() -> None:
            with self._store.work() as work:
                write(work)

        while True:
            try:
                await asyncio.to_thread(once)
                return
            except StoreUnreachable as error:
                log.warning("an order's progress waits for the database", reason=str(error))
                await asyncio.sleep(1)

    def _unfinished(self) -> list[tuple[Order, str]]:
        with self._store.read() as session:
            return [
                (order, state) for order, state in orders.unfinished(session, self.kinds) if self._ours(order)
            ]
