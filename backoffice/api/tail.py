"""The end of the published order: the last few thousand facts in memory, read once for all streams; older ones by page.

The relay gives places in the order of commits, one after the other: who has read up to a place has missed nothing.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.api.seen import NAMES
from backoffice.api.shapes import Event
from schema.cases import Case
from schema.outbox import OutboxRow
from schema.store import Store

KEPT = 5_000
PAGE = 500
_MARKS = ("CaseConcealed", "CaseRevealed")


@dataclass(frozen=True, slots=True)
class Told:
    """A published fact, and the frame (WHATWG HTML section 9.2) it is sent as.

    `about` is what decides who sees it: its body, with how its case stands now instead of how it stood then.
    """

    seq: int
    name: str
    about: Any
    frame: bytes


def told(seq: int, name: str, at: datetime, body: Any, cases: Mapping[str, dict[str, Any]]) -> Told:
    """A row of the outbox as it is told; `cases` says how those it may be about stand."""
    event = Event(seq=seq, kind=name, family=NAMES[name], at=at, body=body)
    frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, name.encode(), msgspec.json.encode(event))
    return Told(seq, name, body | cases.get(str(body.get("case")), {}), frame)


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
        facts = [row for row in rows if row.kind == "fact" and row.name in NAMES]
        cases = _standing(session, facts)
    found = [told(seq, name, at, body, cases) for seq, _, name, at, body in facts]
    return Page(found, int(rows[-1][0]) if rows else place)


def _standing(session: Session, facts: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Who may see the cases of these facts now: what was said openly of a case is not told once it is confidential."""
    ids = {UUID(row.body["case"]) for row in facts if NAMES[row.name] == "cases" and row.body.get("case")}
    if not ids:
        return {}
    query = select(Case.id, Case.department, Case.confidential).where(Case.id.in_(ids))
    return {
        str(id): {"department": str(department) if department else None, "confidential": confidential}
        for id, department, confidential in session.execute(query)
    }


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
        self._mark(page.facts)
        self._facts.extend(page.facts)
        self._places.extend(one.seq for one in page.facts)
        self.end = page.end
        if (more := len(self._facts) - self._kept) > 0:
            self.begin = self._places[more - 1]
            del self._facts[:more], self._places[:more]
        return True

    def _mark(self, facts: Sequence[Told]) -> None:
        """A case became confidential or is so no longer: what is held of it is seen by others from now on."""
        marked = {one.about["case"]: one.about["confidential"] for one in facts if one.name in _MARKS}
        for n, one in enumerate(self._facts if marked else ()):
            if NAMES[one.name] == "cases" and one.about.get("case") in marked:
                self._facts[n] = replace(one, about=one.about | {"confidential": marked[one.about["case"]]})

    def after(self, place: int, limit: int = PAGE) -> Page | None:
        """The facts after a place; None when it lies before what is held."""
        if place < self.begin or self.begin < 0:
            return None
        first = bisect_right(self._places, place)
        found = self._facts[first : first + limit]
        whole = first + limit >= len(self._facts)
        return Page(found, max(place, self.end) if whole else found[-1].seq)
