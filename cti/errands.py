"""Errands: orders of other rooms, carried out at the PBX once each: intent → sent → observed, or failed with a reason.

The intent is a row before anything is done. What a restart finds unfinished is looked at, never blindly done again.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

import structlog

from cti import notes, speaks
from cti.endpoints import EndpointRefused, Endpoints, PbxAway
from cti.floor import Floor
from cti.hears import Hearing
from cti.keeper import Keeper
from cti.link import ActionFailed, LinkDown, LinkLost, Mouth, UnsafeAction
from cti.notes import Note
from cti.visits import Visits
from schema.desk import orders, seats
from schema.facts import Fact, LegEnded
from schema.orders import CallCitizen, CloseSeat, HangUpSeat, MakeReady, OpenSeat, Order, Pause
from schema.store import Store, StoreUnreachable, UnitOfWork

PBX_PATIENCE = 10
log = structlog.get_logger()


class OrderFailed(Exception):
    """An order cannot be carried out; the text says why."""


class Errands:
    """Carries out orders one after the other. `begin` runs on any thread, all else on the reactor's."""

    kinds: Collection[type[Order]] = (OpenSeat, CloseSeat, MakeReady, Pause, HangUpSeat, CallCitizen)

    def __init__(
        self,
        store: Store,
        floor: Floor,
        hearing: Hearing,
        mouth: Mouth,
        endpoints: Endpoints,
        keeper: Keeper,
        visits: Visits,
        *,
        write: Callable[[Note], None],
    ) -> None:
        self._store, self._floor, self._hearing = store, floor, hearing
        self._mouth, self._endpoints, self._keeper, self._visits = mouth, endpoints, keeper, visits
        self._write = write
        self._queue: asyncio.Queue[Order] = asyncio.Queue()
        self._in_hand: set[UUID] = set()
        self._hang_ups: dict[str, UUID] = {}

    def begin(self, order: Order) -> bool:
        """Write the intent down; whether anything is left to do. Raises StoreUnreachable."""
        with self._store.work() as work:
            return orders.begin(work, order) not in orders.OVER

    def take(self, order: Order) -> None:
        """Carry it out when it is its turn; one already in hand is not taken twice."""
        if order.order not in self._in_hand:
            self._in_hand.add(order.order)
            self._queue.put_nowait(order)

    async def run(self) -> None:
        """Carry out what was left unfinished, then what comes, until cancelled."""
        for order, state in await asyncio.to_thread(self._unfinished):
            if isinstance(order, CallCitizen):
                self._in_hand.add(order.order)
                self._visits.resume(order, state)
            else:
                self.take(order)
        while True:
            order = await self._queue.get()
            try:
                await self._carry_out(order)
            except (OrderFailed, ActionFailed, LinkDown, LinkLost, TimeoutError, UnsafeAction, speaks.Unspeakable,
                    EndpointRefused, PbxAway) as error:  # fmt: skip
                log.warning("an order failed", order=type(order).__name__, reason=str(error))
                await self.progress(order.order, "failed", str(error))

    def observed(self, fact: Fact) -> UUID | None:
        """The order that this fact shows done, if any."""
        return self._hang_ups.pop(fact.leg, None) if isinstance(fact, LegEnded) else None

    async def progress(self, order: UUID, state: str, reason: str = "") -> None:
        """Write down how far an order is, when the database takes it."""
        await self._write_down(lambda work: orders.progress(work, order, state, reason))
        if state in orders.OVER:
            self._in_hand.discard(order)

    async def _carry_out(self, order: Order) -> None:
        if isinstance(order, OpenSeat):
            await self._open(order)
        elif isinstance(order, CloseSeat):
            await self.progress(order.order, "sent")
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
            return orders.unfinished(session, self.kinds)
