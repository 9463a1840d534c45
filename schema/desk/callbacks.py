"""The call-backs desk: each promise to ring a citizen is one row, followed until it is kept or dropped."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallBackRow
from schema.desk.sheets import Sheet
from schema.facts import (
    CallBackDropped,
    CallBackFailed,
    CallBackKept,
    CallBackPromised,
    CallBackTried,
    PromiseFact,
)

_LIFTED = {"expired": "expired", "cancelled": "cancelled", "rang again": "cancelled"}


class CallBackBook:
    """The promises of one node that are neither kept nor dropped."""

    def __init__(self, node: str) -> None:
        self.node = node
        table = table_of(CallBackRow)
        self._rows = Sheet(table, ["id"], last=table.c.ended_at.is_(None))

    def load(self, session: Session) -> None:
        """Take in what is live by the rows."""
        table = table_of(CallBackRow)
        query = select(table).where(table.c.node == self.node, table.c.ended_at.is_(None))
        for row in session.execute(query).mappings():
            self._rows.found(row["id"], dict(row))

    def hear(self, fact: CallBackPromised | PromiseFact) -> None:
        """Write one fact down."""
        if isinstance(fact, CallBackPromised):
            if fact.contact is not None and fact.promise not in self._rows:
                self._rows.add(
                    fact.promise, id=fact.promise, contact=fact.contact, call=fact.call, node=fact.node,
                    queue=fact.queue, number=fact.number, language=fact.language, priority=fact.priority,
                    place=fact.place, promised_at=fact.at, expires_at=fact.expires,
                )  # fmt: skip
            return
        if (row := self._rows.change(fact.promise)) is None:
            return
        if isinstance(fact, CallBackTried):
            row.update(state="dialling", attempts=fact.attempt, next_at=None)
        elif isinstance(fact, CallBackFailed):
            row.update(reason=fact.reason, next_at=fact.again, state="retry")
            if fact.again is None:
                self._end(fact.promise, fact, "failed")
            elif fact.reason == "no seat":
                # The citizen was not at fault: the try is not counted, and the place is taken again at once.
                row.update(state="promised", next_at=None, attempts=max(0, row["attempts"] - 1))
        elif isinstance(fact, CallBackKept):
            row["kept_call"] = fact.call
            self._end(fact.promise, fact, "kept")
        elif isinstance(fact, CallBackDropped):
            row["reason"] = fact.reason
            self._end(fact.promise, fact, _LIFTED.get(fact.reason, "failed"))

    def write(self, session: Session) -> None:
        """Put what changed into a transaction."""
        self._rows.write(session)

    def written(self) -> None:
        """What `write` put there is committed."""
        self._rows.written()

    def _end(self, promise: UUID, fact: PromiseFact, state: str) -> None:
        if (row := self._rows.see(promise)) is not None:
            row["state"], row["ended_at"] = state, fact.at
            self._rows.over(promise)
