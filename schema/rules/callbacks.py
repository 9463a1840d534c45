"""The life of a promised call-back: the caller hangs up, keeps the place, and is rung when their turn comes. Pure.

One table, state × event → next state, drawn in docs/state-machines/callback.dot; a test holds the two equal.
promised: has a place in the queue; due: its turn has come, a seat is kept for it; dialling: the first of the two is
being rung (seat or citizen, as the service says); talking: citizen and seat hear each other; retry: nobody answered, it
waits for the next try. Ends: kept, expired, cancelled (the citizen rang in again, or asked us not to), failed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from schema.rules.calendar import Calendar
from schema.rules.queueing import Caller
from schema.rules.services import ALWAYS, Hours, Service

GROWTH = 2.0
"""Each gap between two tries is so many times the one before."""


@dataclass(frozen=True, slots=True)
class Move:
    """In `state`, `event` leads to `next`."""

    state: str
    event: str
    next: str


class NoSuchMove(Exception):
    """The event means nothing in that state; the text says what would."""


CALLBACK = (
    Move("promised", "turn", "due"),
    Move("promised", "expire", "expired"),
    Move("promised", "cancel", "cancelled"),
    Move("due", "dial", "dialling"),
    Move("due", "seat-lost", "promised"),
    Move("due", "expire", "expired"),
    Move("due", "cancel", "cancelled"),
    Move("dialling", "joined", "talking"),
    Move("dialling", "seat-lost", "promised"),
    Move("dialling", "unanswered", "retry"),
    Move("dialling", "refused", "failed"),
    Move("dialling", "cancel", "cancelled"),
    Move("retry", "again", "promised"),
    Move("retry", "give-up", "failed"),
    Move("retry", "expire", "expired"),
    Move("retry", "cancel", "cancelled"),
    Move("talking", "ended", "kept"),
)
STATES = tuple(dict.fromkeys(name for row in CALLBACK for name in (row.state, row.next)))
EVENTS = tuple(dict.fromkeys(row.event for row in CALLBACK))
ENDS = ("kept", "expired", "cancelled", "failed")
_MOVES = {(row.state, row.event): row.next for row in CALLBACK}


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised: at most `tries` dials, `retry_every` seconds after the first that failed and growing; none
    after `expires` seconds from the promise, nor outside `hours`."""

    tries: int = 3
    retry_every: float = 300
    expires: float = 4 * 3600
    hours: Hours = ALWAYS

    @classmethod
    def of(cls, service: Service) -> "Terms":
        """The terms of a service; its `retries` are the dials after the first."""
        return cls(service.retries + 1, service.retry_every, service.expires, service.hours)


@dataclass(frozen=True, slots=True)
class Callback:
    """A call-back. `caller` is the place it keeps; `tries` how often it was dialled; times are UTC."""

    caller: Caller
    number: str
    promised: datetime
    expires: datetime
    state: str = "promised"
    tries: int = 0
    not_before: datetime | None = None

    @property
    def call(self) -> UUID:
        """The call of the caller who was promised it."""
        return self.caller.call

    @property
    def waiting(self) -> Caller | None:
        """What takes part in routing: the caller with the old place; None when it is not its turn to be looked at."""
        return replace(self.caller, not_before=self.not_before) if self.state == "promised" else None


def promise(caller: Caller, number: str, now: datetime, terms: Terms, calendar: Calendar) -> Callback:
    """The call-back of a waiting caller who hangs up. Keeps `since` and priority; not rung before the hours begin."""
    kept = replace(caller, callback=True, returning=False)
    expires = now + timedelta(seconds=terms.expires)
    opens = terms.hours.opens_after(now, calendar)
    return Callback(kept, number, now, expires, not_before=None if opens == now else opens or expires)


def after(state: str, event: str) -> str:
    """The next state. Raises NoSuchMove."""
    found = _MOVES.get((state, event))
    if found is None:
        can = ", ".join(events(state)) or "nothing"
        raise NoSuchMove(f"{event} is not possible for a call-back that is {state}; possible: {can}")
    return found


def events(state: str) -> tuple[str, ...]:
    """What can happen in a state, in the table's order."""
    return tuple(row.event for row in CALLBACK if row.state == state)


def hear(callback: Callback, event: str, now: datetime, terms: Terms, calendar: Calendar) -> Callback:
    """The call-back after an event. Raises NoSuchMove.

    A try that nobody answered leads on to failed when it was the last, to expired when the next would come too late.
    A seat that is lost gives the place back, ahead of its equals, as for a caller whose seat did not answer.
    """
    moved = replace(callback, state=after(callback.state, event))
    if event == "dial":
        return replace(moved, tries=moved.tries + 1)
    if event == "seat-lost":
        # The citizen was not at fault: a try that ended for want of a seat is not counted.
        tries = max(0, moved.tries - (callback.state == "dialling"))
        return replace(moved, caller=replace(moved.caller, returning=True), tries=tries)
    if event == "unanswered":
        if moved.tries >= terms.tries:
            return replace(moved, state=after(moved.state, "give-up"))
        at = next_try(moved, now, terms, calendar)
        return (
            replace(moved, state=after(moved.state, "expire"))
            if at is None
            else replace(moved, not_before=at)
        )
    return moved


def next_try(callback: Callback, now: datetime, terms: Terms, calendar: Calendar) -> datetime | None:
    """When it is dialled again after `tries` that failed, within the hours; None = not before it expires."""
    gap = terms.retry_every * GROWTH ** max(0, callback.tries - 1)
    if gap >= terms.expires:
        return None
    at = terms.hours.opens_after(now + timedelta(seconds=gap), calendar)
    return at if at is not None and at < callback.expires else None


def due_event(callback: Callback, now: datetime) -> str:
    """What the clock alone does to it now: "expire", "again" or nothing (""). A call that is up is never cut off."""
    can = events(callback.state)
    if "expire" in can and now >= callback.expires:
        return "expire"
    if "again" in can and (callback.not_before is None or now >= callback.not_before):
        return "again"
    return ""
