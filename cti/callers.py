"""Callers and seats as the matcher knows them: what they want and can, and who served a number last. Pure."""

from datetime import datetime, timedelta
from uuid import UUID

from cti.live import LiveCall, LiveSeat
from cti.promises import Promise
from schema.rules.queueing import Caller, Idle
from schema.services import levels

UNTOLD = 5
"""The level in each of the site's languages of a seat whose languages nobody told."""


class Served:
    """Who served which number, for so many seconds."""

    def __init__(self, keep: float) -> None:
        self._keep = timedelta(seconds=keep)
        self._by: dict[str, tuple[UUID | str, datetime]] = {}

    def note(self, number: str, seat: str, user: UUID | None, at: datetime) -> None:
        """A number was served."""
        if number and self._keep and (number not in self._by or self._by[number][1] <= at):
            self._by.pop(number, None)
            self._by[number] = (user or seat, at)

    def last(self, number: str, now: datetime) -> str:
        """Who served it last: a user's id, or a seat; "" when that is too long ago."""
        while self._by and now - next(iter(self._by.values()))[1] > self._keep:
            del self._by[next(iter(self._by))]
        return str(self._by.get(number, ("", now))[0])


def of_call(call: LiveCall, node: str, sticky: str, not_before: datetime | None) -> Caller:
    """A call that waits."""
    return Caller(
        call.call, call.waiting_since or call.since, call.priority, call.returning, queue=call.queue,
        language=call.language, wants=tuple(levels(call.skills).items()), sticky=sticky, not_before=not_before,
        node=node,
    )  # fmt: skip


def of_promise(promise: Promise, node: str, sticky: str) -> Caller:
    """A call-back that keeps its place."""
    return Caller(
        promise.promise, promise.place, promise.priority, promise.returning, queue=promise.queue,
        language=promise.language, wants=tuple(levels(promise.skills).items()), sticky=sticky, callback=True,
        not_before=promise.next_at, node=node,
    )  # fmt: skip


def of_seat(seat: LiveSeat, node: str, languages: tuple[str, ...]) -> Idle:
    """A seat that is ready. `languages` are the site's."""
    spoken = levels(seat.languages) if seat.languages else dict.fromkeys(languages, UNTOLD)
    return Idle(
        seat.seat, seat.idle_since or seat.since, user=seat.user, languages=spoken, skills=levels(seat.skills),
        queues=frozenset(seat.queues.split()), node=node,
    )  # fmt: skip
