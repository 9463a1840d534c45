"""Call-backs: promised, dialled when their turn comes, tried again, kept. Each step is on the tape before it is done.

An attempt's call has an id of its own, which is the channel's too: it is dialled once. What a restart finds dialling is
looked for at the PBX, and counted as failed when it is not there. What each step makes of a promise is in cti.promises.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from cti import notes, speaks, speaks_waits
from cti.acd import Router
from cti.link import ActionFailed, LinkDown, LinkLost, UnsafeAction
from cti.notes import Note
from cti.parties import OrderFailed
from cti.promises import Promise
from cti.waits import Waits, service_for
from schema.facts import (
    CallAnswered,
    CallBackAsked,
    CallBackPromised,
    CallEnded,
    CallEntered,
    CallOffered,
    CallQueued,
    Fact,
    LegFailed,
    LegRang,
    OfferFailed,
)
from schema.ids import CallId, uuid7
from schema.orders import CancelCallBack
from schema.rules import callbacks as rule
from schema.rules.outcomes import CAUSES
from schema.rules.queueing import Caller, Idle
from schema.rules.services import Service

APPEARS_WITHIN = 15.0
NO_SEAT_WAIT = timedelta(seconds=2)
"""Before the next seat is looked for: what the PBX refuses now it would refuse at once again, for ever."""
RING = 30_000
"""Milliseconds that whoever is dialled first may ring."""
log = structlog.get_logger()


@dataclass(slots=True)
class Attempt:
    """One dialling: what was seen of it. `reached`: the second of the two (the citizen, or the seat) rang."""

    promise: UUID
    router: Router
    seat: str
    citizen_first: bool
    reached: bool = False
    reason: str = ""
    due: Any = None


class CallBacks:
    """`router` is that of the PBX which owes them; `caller` the number that citizens see; `clock` the reactor's."""

    def __init__(
        self,
        services: Sequence[Service],
        router: Router,
        waits: Waits,
        *,
        caller: str,
        clock: Any,
        utc: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        write: Callable[[Note], None],
        may_act: Callable[[], bool],
    ) -> None:
        self._services, self._router, self._waits, self._caller = services, router, waits, caller
        self._clock, self._utc, self._spawn, self._write, self._may_act = clock, utc, spawn, write, may_act
        self._attempts: dict[UUID, Attempt] = {}
        router.calls_back = self.turn

    # -- what happens ------------------------------------------------------------------------------------------

    def heard(self, fact: Fact) -> None:
        """Take note of a fact of this PBX, after floor and router."""
        if isinstance(fact, CallBackAsked):
            self._asked(fact)
        elif isinstance(fact, CallBackPromised):
            leg = self._router.floor.calls[fact.call].leg if fact.call in self._router.floor.calls else ""
            if leg:
                self._spawn(self._answer(leg, True))
        elif isinstance(fact, CallQueued):
            self._rang_again(fact)

    def turn(self, caller: Caller, idle: Idle) -> None:
        """A promise's turn has come, and a seat is kept for it."""
        promise = self._router.floor.promises.get(caller.call)
        if promise is None or promise.state == "dialling":
            self._router.line.free(idle.seat, caller.call)
            return
        call, router = CallId(uuid7()), self._router.line.routers[idle.node]
        self._follow(call, Attempt(promise.promise, router, idle.seat, self._first(promise) == "citizen"))
        self._write(notes.tried(promise.promise, promise.contact, call, promise.attempts + 1, idle.seat))
        self._spawn(self._dial(promise, call, router, idle.seat))

    def tick(self) -> None:
        """A second has passed: promises run out, and those being dialled are followed."""
        now = self._utc()
        for promise in list(self._router.floor.promises.values()):
            if promise.state != "dialling" and now >= promise.expires:
                self._write(notes.promise_dropped(promise.promise, promise.contact, "expired"))
            elif promise.trying is not None and promise.trying not in self._attempts:
                self._resume(promise, promise.trying)

    async def cancel(self, order: CancelCallBack) -> None:
        """Somebody drops a promise. Raises OrderFailed."""
        promise = self._router.floor.promises.get(order.promise)
        if promise is None:
            raise OrderFailed("that call-back is not owed any more")
        self._drop(promise, "cancelled")

    def stop(self) -> None:
        """Wait for nothing more."""
        for attempt in self._attempts.values():
            self._cancel(attempt.due)

    # -- promising ---------------------------------------------------------------------------------------------

    def _asked(self, fact: CallBackAsked) -> None:
        call = self._router.floor.calls.get(fact.call)
        if call is None:
            return
        if call.stage != "queue" or self._router.is_reserved(call.call) or not self._may_act():
            self._spawn(self._answer(call.leg, False))  # an agent is on the way, or nothing is sure now
            return
        service = self._waits.service_of(call)
        now = self._utc()
        self._write(
            notes.promised(
                call.call, call.contact, call.call, Queue=call.queue, Number=fact.number, Language=call.language,
                Priority=str(call.priority), Place=(call.waiting_since or call.since).isoformat(), Skills=call.skills,
                Expires=(now + timedelta(seconds=service.expires)).isoformat(),
            )
        )  # fmt: skip

    async def _answer(self, leg: str, kept: bool) -> None:
        try:
            await self._router.mouth.action(speaks_waits.answer_promise(leg, kept))
        except (ActionFailed, LinkDown, LinkLost, TimeoutError) as error:
            log.info("a caller did not hear whether a call-back is promised", reason=str(error))

    def _rang_again(self, fact: CallQueued) -> None:
        """The citizen rings in before being rung: the new call has the promised place."""
        call = self._router.floor.calls.get(fact.call)
        if call is None or call.direction != "in" or not call.number:
            return
        for promise in list(self._router.floor.promises.values()):
            if promise.number == call.number:
                self._drop(promise, "rang again", fact.call)

    def _drop(self, promise: Promise, reason: str, by: CallId | None = None) -> None:
        self._write(notes.promise_dropped(promise.promise, promise.contact, reason, by))
        attempt = self._attempts.get(promise.trying) if promise.trying else None
        if promise.trying is not None and attempt is not None:
            self._end(promise.trying)
            self._spawn(self._hang_up(attempt.router, promise.trying))

    async def _hang_up(self, router: Router, call: UUID) -> None:
        try:
            await router.mouth.action(speaks.hang_up(str(call)))
        except (ActionFailed, LinkDown, LinkLost, TimeoutError) as error:
            log.info("nobody was being rung any more", call=str(call), reason=str(error))

    # -- dialling ----------------------------------------------------------------------------------------------

    async def _dial(self, promise: Promise, call: UUID, router: Router, seat: str) -> None:
        variables = {
            "__GRIDLINE_CONTACT": str(promise.contact), "__GRIDLINE_LANGUAGE": promise.language or "zh",
            "__GRIDLINE_QUEUE": promise.queue, "__GRIDLINE_PRIORITY": str(promise.priority),
            "__GRIDLINE_SKILLS": promise.skills,
        }  # fmt: skip
        shown = self._service(promise).caller
        variables |= {"GRIDLINE_SHOWN": shown} if shown else {}
        try:
            await router.mouth.action(
                speaks_waits.dial_back(
                    self._first(promise),
                    call,
                    seat,
                    promise.number,
                    variables,
                    caller=shown or self._caller,
                    ring_ms=RING,
                )  # fmt: skip
            )
        except speaks.Unspeakable as error:
            self._failed(call, "wrong number", str(error))
        except (ActionFailed, LinkDown, UnsafeAction) as error:
            self._failed(call, "no seat", str(error))  # nothing was dialled
        except (LinkLost, TimeoutError) as error:
            log.warning("a call-back is being dialled, or is not", call=str(call), reason=str(error))

    def _follow(self, call: UUID, attempt: Attempt) -> None:
        self._attempts[call] = attempt
        attempt.due = self._clock.callLater(
            APPEARS_WITHIN, self._failed, call, "unreachable", "nothing was seen of it"
        )
        self._router.line.follows[call] = self.observed

    def _resume(self, promise: Promise, call: CallId) -> None:
        """A restart found it dialling: it is followed, and counts as failed when the PBX does not show it."""
        first = self._first(promise)
        attempt = Attempt(promise.promise, self._router, promise.seat, first == "citizen", reached=True)
        self._follow(call, attempt)
        if call in self._router.floor.calls:
            self._cancel(attempt.due)
            if self._router.floor.calls[call].stage == "talking":
                self._kept(call)

    def observed(self, fact: Fact) -> None:
        """Something of an attempt's call, on whatever PBX."""
        call = getattr(fact, "call", None)
        attempt = self._attempts.get(call) if call is not None else None
        if call is None or attempt is None:
            return
        if isinstance(fact, CallEntered | LegRang):
            self._cancel(attempt.due)
        if isinstance(fact, LegRang):
            attempt.reached |= fact.kind == "citizen"
            if fact.kind == "seat":
                self._router.line.free(attempt.seat, attempt.promise)
        elif isinstance(fact, CallOffered):
            attempt.reached = True
            self._router.line.free(attempt.seat, attempt.promise)
        elif isinstance(fact, OfferFailed):
            attempt.reason = "no seat"
        elif isinstance(fact, LegFailed) and fact.kind == "citizen":
            attempt.reason = fact.reason
        elif isinstance(fact, CallAnswered):
            self._kept(call)
        elif isinstance(fact, CallEnded):
            self._over(call, attempt, fact)

    def _over(self, call: UUID, attempt: Attempt, fact: CallEnded) -> None:
        if attempt.citizen_first:
            self._failed(call, attempt.reason or CAUSES.get(fact.cause, ("", "unreachable"))[1])
        elif attempt.reached:
            self._failed(call, attempt.reason or "no answer")
        else:
            self._failed(call, "no seat")
            attempt.router.blame(attempt.seat, "no answer")

    def _kept(self, call: UUID) -> None:
        promise = self._router.floor.promises.get(self._attempts[call].promise)
        self._end(call)
        if promise is not None:
            self._write(notes.promise_kept(promise.promise, promise.contact, call))

    def _failed(self, call: UUID, reason: str, why: str = "") -> None:
        attempt = self._attempts.get(call)
        if attempt is None:
            return
        self._end(call)
        promise = self._router.floor.promises.get(attempt.promise)
        if promise is None:
            return
        log.info("a call-back was not brought about", promise=str(promise.promise), reason=reason, why=why)
        soon = self._utc() + NO_SEAT_WAIT
        again = soon if reason == "no seat" else self._next(promise, reason)
        self._write(notes.try_failed(promise.promise, promise.contact, reason, again))

    def _next(self, promise: Promise, reason: str) -> datetime | None:
        service = self._service(promise)
        if promise.attempts >= service.retries or reason == "wrong number":
            return None
        terms = rule.Terms(service.retries, service.retry_every, service.expires, service.hours)
        as_rule = rule.Callback(
            Caller(promise.promise, promise.place), promise.number, promise.promised, promise.expires,
            "retry", promise.attempts,
        )  # fmt: skip
        calendar = self._waits.calendars.get(service.calendar)
        return rule.next_try(as_rule, self._utc(), terms, calendar) if calendar is not None else None

    def _end(self, call: UUID) -> None:
        attempt = self._attempts.pop(call)
        self._cancel(attempt.due)
        self._router.line.follows.pop(call, None)
        self._router.line.free(attempt.seat, attempt.promise)

    def _first(self, promise: Promise) -> str:
        return "citizen" if self._service(promise).callback_order == "citizen-first" else "agent"

    def _service(self, promise: Promise) -> Service:
        return service_for(self._services, promise.queue, promise.skills)

    def _cancel(self, due: Any) -> None:
        if due is not None and due.active():
            due.cancel()
