"""The end of the published order: the last few thousand facts in memory, read once for all streams; older ones by page.

The relay gives places in the order of commits, one after the other: who has read up to a place has missed nothing.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from backoffice.api.seen import NAMES
from backoffice.api.shapes import Event
from schema.outbox import OutboxRow
from schema.store import Store

KEPT = 5_000
PAGE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A published fact, and the frame (WHATWG HTML section 9.2) it is sent as."""

    seq: int
    name: str
    body: Any
    frame: bytes


def told(seq: int, name: str, at: datetime, body: Any) -> Told:
    """A row of the outbox as it is told."""
    event = Event(seq=seq, kind=name, family=NAMES[name], at=at, body=body)
    return Told(
        seq, name, body, b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, name.encode(), msgspec.json.encode(event))
    )


@dataclass(frozen=True, slots=True)
class Page:
    """What followed a place, up to `end` (a place that nobody need read again)."""

    facts: Sequence[Told]
    end: int


def after(store: Store, place: int, limit: int = PAGE) -> Page:
    """The facts after a place, from the outbox. Orders are passed over. Raises StoreUnreachable."""
    with store.read() as session:
        rows = session.execute(
            select(OutboxRow.seq, OutboxRow.kind, OutboxRow.name, OutboxRow.at, OutboxRow.body)
            .where(OutboxRow.seq > place)
            .order_by(OutboxRow.seq)
            .limit(limit)
        ).all()
    found = [
        told(seq, name, at, body) for seq, kind, name, at, body in rows if kind == "fact" and name in NAMES
    ]
    return Page(found, int(rows[-1][0]) if rows else place)


def ends(store: Store) -> tuple[int, int]:
    """The first place that is still kept, and the last. Raises StoreUnreachable."""
    with store.read() as session:
        first, last = session.execute(select(func.min(OutboxRow.seq), func.max(OutboxRow.seq))).one()
    return int(first or 0), int(last or 0)


class Tail:
    """The facts in memory: all from `begin` (exclusive) to `end`. Read by one thread at a time."""

    def __init__(self, read: Callable[[int], Page], kept: int = KEPT) -> None:
        self._read, self._kept = read, kept
        self._facts: list[Told] = []
        self._places: list[int] = []
        self.begin = self.end = -1

    def start(self, place: int) -> None:
        """Hold nothing, and go on after a place."""
        self._facts, self._places = [], []
        self.begin = self.end = place

    def fetch(self) -> Page:
        """What is new; to be handed to `take`. Blocks. Raises StoreUnreachable."""
        return self._read(self.end)

    def take(self, page: Page) -> bool:
        """Hold what `fetch` gave; whether there was anything."""
        if page.end <= self.end:
            return False
        self._facts.extend(page.facts)
        self._places.extend(one.seq for one in page.facts)
        self.end = page.end
        if (more := len(self._facts) - self._kept) > 0:
            self.begin = self._places[more - 1]
            del self._facts[:more], self._places[:more]
        return True

    def after(self, place: int, limit: int = PAGE) -> Page | None:
        """The facts after a place; None when it lies before what is held."""
        if place < self.begin or self.begin < 0:
            return None
        first = bisect_right(self._places, place)
        found = self._facts[first : first + limit]
        whole = first + limit >= len(self._facts)
        return Page(found, max(place, self.end) if whole else found[-1].seq)
