"""Waits: what becomes of those who wait as their wait grows: told, offered a call-back, sent to another queue or away.

Once a second, and for each who comes to a queue at once. The rules are in schema.rules.services; how long a wait will
be in schema.rules.waits. Who is being sent away is offered to no seat.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from conf.settings import Acd
from cti import speaks_waits
from cti.acd import Router
from cti.link import Action, ActionFailed, LinkDown, LinkLost, UnsafeAction
from cti.live import LiveCall
from cti.speaks import NUMBER
from schema.facts import CallAnswered, CallBackPromised, CallEnded, CallOverflowed, CallQueued, Fact
from schema.ids import CallId
from schema.rules.calendar import Calendar
from schema.rules.services import ALWAYS, Closed, Full, Holiday, Overflow, Service, admit, step
from schema.rules.waits import Pace

TRY_AGAIN = timedelta(seconds=5)
"""After so long somebody who was to be sent away, and was not, is looked at again."""
UNSAID = (ActionFailed, LinkDown, LinkLost, UnsafeAction, TimeoutError)
log = structlog.get_logger()


class Waits:
    """`calendars` are the city's by name; `spawn` runs a coroutine; `utc` is the time of day."""

    def __init__(
        self,
        settings: Acd,
        services: Sequence[Service],
        router: Router,
        *,
        calendars: Mapping[str, Calendar],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        utc: Callable[[], datetime],
    ) -> None:
        self._settings, self._services, self._router = settings, services, router
        self.calendars = dict(calendars)
        self._spawn, self._utc = spawn, utc
        self.pace = Pace()
        self._came: dict[CallId, tuple[str, datetime]] = {}
        self._tell_at: dict[CallId, datetime] = {}
        self._offered: set[CallId] = set()
        self._again: dict[CallId, datetime] = {}

    def service_of(self, call: LiveCall) -> Service:
        """The service a call waits for: by its queue, and its skills where two share one."""
        return service_for(self._services, call.queue, call.skills)

    def heard(self, fact: Fact) -> None:
        """Take note of a fact, after the floor."""
        if isinstance(fact, CallQueued):
            if self._came.get(fact.call, ("",))[0] != fact.queue:
                self._came[fact.call] = (fact.queue, fact.at)
            if fact.why in ("", "overflow") and not fact.returning and not fact.inferred:
                self._admit(fact)
        elif isinstance(fact, CallAnswered) and fact.seat:
            call = self._router.floor.calls.get(fact.call)
            if call is not None and call.counted == "answered" and fact.call in self._came:
                queue = self._router.floor.queues.get(call.counted_in)
                self.pace.answered(call.counted_in, fact.at, queue.waiting if queue else 0)
            self._forget(fact.call)
        elif isinstance(fact, CallEnded | CallBackPromised):
            self._forget(fact.call)
        elif isinstance(fact, CallOverflowed):
            self._stays(fact.call)

    def tick(self) -> None:
        """A second has passed."""
        now = self._utc()
        for call in [call for call in self._router.floor.calls.values() if call.stage == "queue"]:
            if call.call in self._again:
                if now >= self._again[call.call]:
                    self._stays(call.call)
            elif not self._router.is_reserved(call.call):
                self._step(call, now)

    # -- coming to a queue -------------------------------------------------------------------------------------

    def _admit(self, fact: CallQueued) -> None:
        floor = self._router.floor
        call = floor.calls.get(fact.call)
        if call is None or call.stage != "queue":
            return
        service = self.service_of(call)
        calendar = self.calendars.get(service.calendar)
        bounded = service.max_waiting is not None or service.overflow_after == 0
        if calendar is None or not (bounded or service.hours is not ALWAYS):
            return  # takes everybody at any time
        waiting = floor.queues[fact.queue].waiting - 1 if fact.queue in floor.queues else 0
        found = admit(service, fact.at, waiting, self._idle(fact.queue) if bounded else 0, calendar, number=call.number,
                      language=call.language)  # fmt: skip
        if isinstance(found, Overflow):
            full = service.max_waiting is not None and waiting >= service.max_waiting
            self._send_to(call, found.to, "full" if full else "waited")
        elif isinstance(found, Full):
            if found.callback and NUMBER.fullmatch(call.number):
                self._offered.add(call.call)
                self._again[call.call] = fact.at + timedelta(minutes=2)  # the script's own time
                self._say(call, [speaks_waits.full(call.leg)], hold=False)
            else:
                self._away(call, service, "full", "message")
        elif isinstance(found, Closed | Holiday):
            reason = "holiday" if isinstance(found, Holiday) else "closed"
            if found.then.startswith("queue:"):
                self._send_to(call, found.then.removeprefix("queue:"), reason)
            else:
                self._away(call, service, reason, found.then)

    def _idle(self, queue: str) -> int:
        return sum(
            seat.state == "ready" and (not seat.queues or queue in seat.queues.split())
            for router in self._router.line.routers.values()
            for seat in router.floor.seats.values()
        )

    # -- as the wait grows -------------------------------------------------------------------------------------

    def _step(self, call: LiveCall, now: datetime) -> None:
        service = self.service_of(call)
        came = self._came.setdefault(call.call, (call.queue, call.waiting_since or call.since))[1]
        waited = (now - came).total_seconds()
        what = step(service, waited, offered=call.call in self._offered)
        if what == "give_up":
            how = service.when_closed if service.when_closed == "voicemail" else "message"
            self._away(call, service, "waited", how)
        elif what == "overflow":
            self._send_to(call, service.overflow_to, "waited")
        elif what == "offer_callback":
            self._offered.add(call.call)
            if NUMBER.fullmatch(call.number):
                self._say(call, [speaks_waits.say(call.leg, "offer")], hold=False)
        else:
            self._tell(call, came, now)

    def _tell(self, call: LiveCall, came: datetime, now: datetime) -> None:
        first, every = self._settings.tell_first, self._settings.tell_every
        if not first:
            return
        due = self._tell_at.setdefault(call.call, came + timedelta(seconds=first))
        if now < due:
            return
        self._tell_at[call.call] = (
            now + timedelta(seconds=every) if every else datetime.max.replace(tzinfo=now.tzinfo)
        )
        place = self._router.line.places(call.queue, now).get(call.call, 0)
        if place:
            seconds = self.pace.seconds(call.queue, place, now, self._settings.usual_place or None)
            self._say(call, [speaks_waits.say(call.leg, f"place:{place} seconds:{seconds}")], hold=False)

    # -- how it is done ----------------------------------------------------------------------------------------

    def _send_to(self, call: LiveCall, queue: str, reason: str) -> None:
        self._say(call, speaks_waits.overflow(call.leg, queue, reason))

    def _away(self, call: LiveCall, service: Service, reason: str, how: str) -> None:
        log.info("a caller is sent away", call=str(call.call), service=service.name, reason=reason, how=how)
        self._say(call, speaks_waits.away(call.leg, how, reason))

    def _say(self, call: LiveCall, actions: Sequence[Action], *, hold: bool = True) -> None:
        """`hold`: until something is seen of it the caller is offered to nobody."""
        if hold:
            self._again[call.call] = self._utc() + TRY_AGAIN
            self._router.sent_away.add(call.call)
            self._router.look_again(call.call)
        self._spawn(self._say_all(call.call, actions))

    async def _say_all(self, call: CallId, actions: Sequence[Action]) -> None:
        try:
            for action in actions:
                await self._router.mouth.action(action)
        except UNSAID as error:
            # Most often the caller has just hung up; who has not is looked at again.
            log.info("a waiting caller was not told", call=str(call), reason=str(error))

    def _stays(self, call: CallId) -> None:
        self._again.pop(call, None)
        self._router.sent_away.discard(call)
        self._router.look_again(call)

    def _forget(self, call: CallId) -> None:
        self._came.pop(call, None)
        self._tell_at.pop(call, None)
        self._offered.discard(call)
        self._again.pop(call, None)


def service_for(services: Sequence[Service], queue: str, skills: str) -> Service:
    """The service of a queue; where two share it, the one with these skills. Without any: one that never ends."""
    mine = [one for one in services if one.queue == queue]
    for one in mine:
        if " ".join(f"{name}:{level}" for name, level in one.wants) == skills:
            return one
    return mine[0] if mine else Service(queue, queue)
