"""Callers and seats as the matcher knows them: what they want and can, and who served a number last. Pure."""

from datetime import datetime
from struct import Struct
from uuid import UUID

from cti.live import LiveCall, LiveSeat
from cti.promises import Promise
from schema.rules.queueing import Caller, Idle
from schema.services import levels

UNTOLD = 5
"""The level in each of the site's languages of a seat whose languages nobody told."""
SHELVES = 4096
"""Among so many the numbers are spread: a busy room's share of one is a few dozen."""
_SEEN = Struct("<QII")
"""A number's hash, when in whole seconds, and by which of the names."""


class Served:
    """Who served which number, for so many seconds.

    A busy room has tens of thousands of numbers in an hour. They are kept as 16 bytes each, on a fixed number of
    shelves: as objects they would take nine times as much, strewn over memory that nothing else can use. What is too
    old leaves a shelf with the next number that comes to it.
    """

    def __init__(self, keep: float) -> None:
        self._keep = int(keep)
        self._shelves = [b""] * SHELVES
        self._names: list[str] = []
        self._places: dict[str, int] = {}

    def note(self, number: str, seat: str, user: UUID | None, at: datetime) -> None:
        """A number was served."""
        if not number or not self._keep:
            return
        key, when = _key(number), int(at.timestamp())
        kept = []
        for other, then, by in _SEEN.iter_unpack(self._shelves[key % SHELVES]):
            if other == key and then > when:
                return
            if other != key and then >= when - self._keep:
                kept.append(_SEEN.pack(other, then, by))
        kept.append(_SEEN.pack(key, when, self._place(str(user or seat))))
        self._shelves[key % SHELVES] = b"".join(kept)

    def last(self, number: str, now: datetime) -> str:
        """Who served it last: a user's id, or a seat; "" when that is too long ago."""
        key, oldest = _key(number), int(now.timestamp()) - self._keep
        for other, then, by in _SEEN.iter_unpack(self._shelves[key % SHELVES]):
            if other == key and then >= oldest:
                return self._names[int(by)]
        return ""

    def _place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self._names)
            self._names.append(name)
        return self._places[name]


def _key(number: str) -> int:
    """64 bits that are this number's alone, as good as: by them an agent is preferred, and nothing is told."""
    return hash(number) & (1 << 64) - 1


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
