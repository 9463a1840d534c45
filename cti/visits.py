"""Return visits: calls that we place. The call's id is the order's and the channel's, so a citizen is rung once.

A call that may have been placed is looked for (rows, channels) and never placed again on a guess.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog

from cti import speaks
from cti.acd import Speaks
from cti.hears import Hearing
from cti.link import ActionFailed, LinkDown, LinkLost
from schema.calls import CallRow
from schema.facts import CallAnswered, CallEnded, CallEntered, Fact
from schema.ids import CallId
from schema.orders import CallCitizen
from schema.rules.outcomes import reason_of
from schema.store import Store, StoreUnreachable

APPEARS_WITHIN = 15.0
Progress = Callable[[UUID, str, str], Awaitable[None]]
log = structlog.get_logger()


class Visits:
    """Places calls to citizens. `caller` is the number they see, `shown` that of a service; `clock` the reactor's.

    `spawn` runs a coroutine; `progress` writes down how far an order is; `up` waits until the PBX has been looked at.
    """

    def __init__(
        self, hearing: Hearing, mouth: Speaks, store: Store, *, caller: str, clock: Any,
        shown: Callable[[str], str] | None = None, spawn: Callable[[Any], None], progress: Progress,
        up: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._hearing, self._mouth, self._store = hearing, mouth, store
        self._clock, self._spawn = clock, spawn
        self._shown = shown or (lambda _service: caller)
        self._progress, self._up = progress, up
        self._waiting: dict[CallId, Any] = {}

    async def call(self, order: CallCitizen) -> None:
        """Place the call of a fresh order. Raises what the mouth raises, for nothing was placed then."""
        if await self._known(order):
            return
        contact = order.contact or order.order
        action = speaks.call_citizen(
            order.number, order.call, contact, order.case, order.language, self._shown(order.service),
            visit=order.visit,
        )  # fmt: skip
        await self._progress(order.order, "sent", "")
        self._expect(order.call)
        try:
            await self._mouth.action(action)
        except (LinkLost, TimeoutError) as error:
            # It may ring: whether it does is seen, or is not within the time.
            log.warning(
                "it is not known whether a citizen is being called", call=str(order.call), reason=str(error)
            )
        except (ActionFailed, LinkDown):
            self._drop(order.call)
            raise

    def resume(self, order: CallCitizen, state: str) -> None:
        """Find out, in its own time, what became of an order that a restart found unfinished."""
        self._spawn(self.again(order, state))

    async def again(self, order: CallCitizen, state: str) -> None:
        """An order that a restart found unfinished: what became of it?"""
        await self._up()
        if await self._known(order):
            return
        if state == "intent":
            try:
                await self.call(order)
            except (ActionFailed, LinkDown, speaks.Unspeakable) as error:
                await self._progress(order.order, "failed", str(error))
        else:
            await self._progress(order.order, "failed", "it is not known whether the citizen was called")

    def observed(self, fact: Fact) -> None:
        """What the PBX shows of a call we placed."""
        if not isinstance(fact, CallEntered | CallAnswered | CallEnded) or fact.call not in self._waiting:
            return
        if isinstance(fact, CallEntered):
            self._expect(fact.call, False)
        elif isinstance(fact, CallAnswered) or fact.outcome == "answered":
            self._over(fact.call, "observed", "")
        else:
            self._over(fact.call, "failed", reason_of(fact.cause))

    def stop(self) -> None:
        """Wait for nothing more."""
        for call in list(self._waiting):
            self._drop(call)

    async def _known(self, order: CallCitizen) -> bool:
        """Whether the call was placed already; if so it is followed to its end."""
        if order.call in self._hearing.memory.calls:
            self._expect(order.call, False)
            return True
        row = await asyncio.to_thread(self._row, order.call)
        if row is None:
            return False
        if row.outcome in ("", "answered"):
            await self._progress(order.order, "observed", "")
        else:
            await self._progress(order.order, "failed", reason_of(row.cause))
        return True

    def _row(self, call: CallId) -> CallRow | None:
        try:
            with self._store.read() as session:
                return session.get(CallRow, call)
        except StoreUnreachable:
            return None

    def _expect(self, call: CallId, soon: bool = True) -> None:
        self._drop(call)
        self._waiting[call] = self._clock.callLater(APPEARS_WITHIN, self._never, call) if soon else None

    def _never(self, call: CallId) -> None:
        self._over(call, "failed", "the PBX placed no call")

    def _over(self, call: CallId, state: str, reason: str) -> None:
        self._drop(call)
        self._spawn(self._progress(call, state, reason))

    def _drop(self, call: CallId) -> None:
        due = self._waiting.pop(call, None)
        if due is not None and due.active():
            due.cancel()
