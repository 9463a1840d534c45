"""Callers and seats as the matcher knows them: what they want and can, and who served a number last. Pure."""

from datetime import datetime
from uuid import UUID

from cti.live import LiveCall, LiveSeat
from cti.promises import Promise
from schema.rules.queueing import Caller, Idle
from schema.services import levels

UNTOLD = 5
"""The level in each of the site's languages of a seat whose languages nobody told."""
SERVERS = 20
"""Bits for the one who served: more people than any city's staff."""


class Served:
    """Who served which number, for so many seconds.

    A busy room has tens of thousands of numbers in an hour, so each is kept as one integer: when, in whole seconds, and
    which of `_names` it was.
    """

    def __init__(self, keep: float) -> None:
        self._keep = int(keep)
        self._by: dict[str, int] = {}
        self._names: list[str] = []
        self._places: dict[str, int] = {}

    def note(self, number: str, seat: str, user: UUID | None, at: datetime) -> None:
        """A number was served."""
        if not number or not self._keep:
            return
        when = int(at.timestamp())
        if self._by.get(number, 0) >> SERVERS <= when:
            self._by.pop(number, None)  # the newest is last
            self._by[number] = when << SERVERS | self._place(str(user or seat))

    def last(self, number: str, now: datetime) -> str:
        """Who served it last: a user's id, or a seat; "" when that is too long ago."""
        oldest = int(now.timestamp()) - self._keep
        while self._by and self._by[first := next(iter(self._by))] >> SERVERS < oldest:
            del self._by[first]
        found = self._by.get(number)
        return "" if found is None else self._names[found & (1 << SERVERS) - 1]

    def _place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self._names)
            self._names.append(name)
        return self._places[name]


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
