"""The queues desk: each wait of a caller in a queue is one row, begun and settled by facts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallRow, QueueEntryRow
from schema.desk.sheets import Row, Sheet
from schema.facts import (
    CallAnswered,
    CallBackPromised,
    CallEnded,
    CallFact,
    CallOverflowed,
    CallQueued,
    NetUsed,
    WaitTold,
)


class QueueBook:
    """The waits of one node's live calls. `_last` counts them by call; `_open` is the one that goes on."""

    def __init__(self, node: str) -> None:
        self.node = node
        table = table_of(QueueEntryRow)
        self._entries = Sheet(table, ["call", "n"], last=table.c.result == "")
        self._last: dict[UUID, int] = {}
        self._open: dict[UUID, tuple[UUID, int]] = {}

    def load(self, session: Session) -> None:
        """Take in what is live by the rows."""
        table, calls = table_of(QueueEntryRow), table_of(CallRow)
        live = select(calls.c.id).where(calls.c.node == self.node, calls.c.outcome == "")
        count = select(table.c.call, func.max(table.c.n)).where(table.c.call.in_(live)).group_by(table.c.call)
        self._last = {call: n for call, n in session.execute(count)}
        waits = select(table).where(table.c.node == self.node, table.c.result == "")
        for row in session.execute(waits).mappings():
            key = (row["call"], row["n"])
            self._entries.found(key, dict(row))
            self._open[row["call"]] = key

    def hear(self, fact: CallFact) -> None:
        """Write one fact about a live call down."""
        writer = _WRITERS.get(type(fact))
        if writer is not None:
            writer(self, fact)

    def write(self, session: Session) -> None:
        """Put what changed into a transaction."""
        self._entries.write(session)

    def written(self) -> None:
        """What `write` put there is committed."""
        self._entries.written()

    def _queued(self, fact: CallQueued) -> None:
        self._begin(fact, fact.queue, language=fact.language, priority=fact.priority, why=fact.why)

    def _net(self, fact: NetUsed) -> None:
        # The net is under every queue: who falls into it waits on in their own.
        if fact.call not in self._open:
            self._begin(fact, fact.queue, why="net")

    def _told(self, fact: WaitTold) -> None:
        if (row := self._entry(fact)) is not None:
            row.update(told_position=fact.position, told_seconds=fact.seconds, told_at=fact.at)

    def _answered(self, fact: CallAnswered) -> None:
        if (row := self._entry(fact)) is not None:
            row["seat"], row["user"] = fact.seat, fact.user
            self._settle(fact, "answered")

    def _overflowed(self, fact: CallOverflowed) -> None:
        self._settle(fact, "overflowed")

    def _promised(self, fact: CallBackPromised) -> None:
        self._settle(fact, "called back")

    def _ended(self, fact: CallEnded) -> None:
        self._settle(fact, "abandoned")
        self._last.pop(fact.call, None)

    def _begin(self, fact: CallFact, queue: str, **about: Any) -> None:
        row = self._entry(fact)
        if row is not None and row["queue"] == queue:
            return
        self._settle(fact, "overflowed")
        n = self._last[fact.call] = self._last.get(fact.call, 0) + 1
        self._open[fact.call] = key = (fact.call, n)
        self._entries.add(key, call=fact.call, n=n, node=self.node, queue=queue, entered_at=fact.at, **about)

    def _entry(self, fact: CallFact) -> Row | None:
        key = self._open.get(fact.call)
        return None if key is None else self._entries.change(key)

    def _settle(self, fact: CallFact, result: str) -> None:
        row, key = self._entry(fact), self._open.pop(fact.call, None)
        if row is not None and key is not None:
            row["result"], row["ended_at"] = result, max(fact.at, row["entered_at"])
            self._entries.over(key)


_WRITERS: dict[type[CallFact], Callable[[QueueBook, Any], None]] = {
    CallQueued: QueueBook._queued,
    NetUsed: QueueBook._net,
    WaitTold: QueueBook._told,
    CallAnswered: QueueBook._answered,
    CallOverflowed: QueueBook._overflowed,
    CallBackPromised: QueueBook._promised,
    CallEnded: QueueBook._ended,
}
