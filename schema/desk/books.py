"""The books of one PBX: every row that its telephone room writes, kept in memory while it may change.

Facts go in one by one; a `write` puts all that they changed into one transaction, in bulk. What is in memory is what
the database has, or will have with the next write; so a restart takes it all in again with `load`.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallRow, SegmentRow
from schema.desk.callbacks import CallBackBook
from schema.desk.calls import CallBook
from schema.desk.queues import QueueBook
from schema.desk.seats import SeatBook
from schema.desk.segments import SegmentBook
from schema.desk.sheets import Row
from schema.desk.spells import SpellBook
from schema.facts import (
    CallBackPromised,
    CallFact,
    Fact,
    LegEnded,
    LegHeld,
    LegJoined,
    LegLeft,
    PromiseFact,
    SeatFact,
)

_PROMISES = (CallBackPromised, PromiseFact)
UNSAID = {LegEnded, LegJoined, LegLeft}
"""Facts that are in the rows alone: no room subscribes to them, and no time line shows them.

A leg that joins a bridge out of being held is said after all (see `Books.says`): it is how a hold ends.
"""


class Books:
    """All books of one node. Used by one thread."""

    def __init__(self, node: str) -> None:
        self.seats = SeatBook(node)
        self.calls = CallBook(node, self.seats.sits)
        self.queues = QueueBook(node)
        self.segments = SegmentBook(node, self.calls.legs)
        self.spells = SpellBook(node)
        self.callbacks = CallBackBook(node)
        self._foreign: set[UUID] = set()
        self._absent: set[UUID] = set()
        self._held: set[str] = set()

    @classmethod
    def opened(cls, session: Session, node: str) -> "Books":
        """The books as the rows have them."""
        books = cls(node)
        for book in (books.seats, books.calls, books.queues, books.segments, books.spells, books.callbacks):
            book.load(session)
        table = table_of(SegmentRow)
        held = (table.c.node == node) & (table.c.kind == "hold") & table.c.ended_at.is_(None)
        books._held.update(session.scalars(select(table.c.leg).where(held)))
        return books

    @property
    def waits(self) -> bool:
        """Whether a leg here waits for the row of its call, which another PBX's telephone room writes."""
        return bool(self._absent)

    def hear(self, fact: Fact) -> None:
        """Write one fact down."""
        if isinstance(fact, CallFact):
            if self.calls.live(fact.call):
                self.queues.hear(fact)
            elif getattr(fact, "guest", False):
                self._foreign.add(fact.call)
            self.segments.hear(fact)
            self.calls.hear(fact)
        elif isinstance(fact, SeatFact):
            self.seats.hear(fact)
        if isinstance(fact, _PROMISES):
            self.callbacks.hear(fact)

    def says(self, fact: Fact) -> bool:
        """Whether a fact is told beyond the rows; to be asked of each, once, in their order."""
        if isinstance(fact, LegJoined | LegEnded):
            if fact.leg not in self._held:
                return False
            self._held.remove(fact.leg)
            return isinstance(fact, LegJoined)
        if isinstance(fact, LegHeld):
            self._held.add(fact.leg)
        return type(fact) not in UNSAID

    def write(self, session: Session) -> None:
        """Put all that changed into a transaction."""
        self._look_for(session, self._foreign)
        self.seats.write(session)
        self.calls.write(session, self._waiting)
        self.queues.write(session)
        self.segments.write(session, self._waiting)
        self.spells.write(session)
        self.callbacks.write(session)

    def written(self) -> None:
        """What `write` put there is committed."""
        self._foreign &= self._absent
        self.seats.written()
        self.calls.written(self._waiting)
        self.queues.written()
        self.segments.written(self._waiting)
        self.spells.written()
        self.callbacks.written()

    def _look_for(self, session: Session, calls: Collection[UUID]) -> None:
        """Which calls of other PBXs have no row yet: their telephone room may be a moment behind ours."""
        table = table_of(CallRow)
        there = set(session.scalars(select(table.c.id).where(table.c.id.in_(calls)))) if calls else set()
        self._absent = set(calls) - there

    def _waiting(self, row: Row) -> bool:
        return row["call"] in self._absent
