"""The queues desk: each wait of a caller in a queue as one row, begun and settled by facts."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallRow, QueueEntryRow
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
from schema.ids import CallId
from schema.store import UnitOfWork


def record(work: UnitOfWork, fact: CallFact) -> None:
    """Write one fact into the caller's waits."""
    if isinstance(fact, CallQueued | NetUsed):
        _begin(work, fact)
        return
    row = _open(work.session, fact.call) if isinstance(fact, _SETTLES) else None
    if row is None:
        return
    if isinstance(fact, WaitTold):
        row.told_position, row.told_seconds, row.told_at = fact.position, fact.seconds, fact.at
    elif isinstance(fact, CallAnswered):
        row.seat, row.user = fact.seat, fact.user
        _settle(row, fact, "answered")
    else:
        result = {CallOverflowed: "overflowed", CallBackPromised: "called back", CallEnded: "abandoned"}
        _settle(row, fact, result[type(fact)])


def _begin(work: UnitOfWork, fact: CallQueued | NetUsed) -> None:
    row = _open(work.session, fact.call)
    if row is not None and (row.queue == fact.queue or isinstance(fact, NetUsed)):
        return
    if row is not None:
        _settle(row, fact, "overflowed")
    if work.session.get(CallRow, fact.call) is None:
        return
    query = select(QueueEntryRow.n).where(QueueEntryRow.call == fact.call).order_by(QueueEntryRow.n.desc())
    about: dict[str, Any] = (
        {"language": fact.language, "priority": fact.priority, "why": fact.why}
        if isinstance(fact, CallQueued)
        else {"why": "net"}
    )
    work.session.add(
        QueueEntryRow(
            call=fact.call, n=(work.session.scalar(query.limit(1)) or 0) + 1, node=fact.node, queue=fact.queue,
            entered_at=fact.at, **about,
        )
    )  # fmt: skip
    work.session.flush()


def _open(session: Session, call: CallId) -> QueueEntryRow | None:
    query = select(QueueEntryRow).where(QueueEntryRow.call == call, QueueEntryRow.result == "")
    return session.scalars(query).first()


def _settle(row: QueueEntryRow, fact: CallFact, result: str) -> None:
    row.result, row.ended_at = result, fact.at


_SETTLES = (CallAnswered, CallBackPromised, CallEnded, CallOverflowed, WaitTold)
