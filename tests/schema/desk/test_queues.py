from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.calls import QueueEntryRow
from schema.facts import (
    CallAnswered,
    CallBackPromised,
    CallEnded,
    CallEntered,
    CallFact,
    CallOverflowed,
    CallQueued,
    NetUsed,
    OfferFailed,
    WaitTold,
)
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import write_down

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WANG = UUID(int=7)


class Waits:
    """One caller, told of a second apart, each fact by a process of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.id, self.at = store, uuid7(), NOON
        self.tell(CallEntered, leg="1.1", channel="PJSIP/carrier-1", number="139", dialled="12345")

    def tell(self, kind: type[CallFact], **more: Any) -> None:
        self.at += timedelta(seconds=1)
        about = {"at": self.at, "contact": ContactId(self.id), "call": CallId(self.id), "node": "pbx1"}
        write_down(self.store, kind(**about, **more))

    def queued(self, queue: str = "hotline", **more: Any) -> None:
        self.tell(CallQueued, queue=queue, language="zh", **more)

    @property
    def rows(self) -> list[QueueEntryRow]:
        with self.store.read() as session:
            return list(session.scalars(select(QueueEntryRow).order_by(QueueEntryRow.n)))

    @property
    def results(self) -> list[tuple[str, str]]:
        return [(row.queue, row.result) for row in self.rows]


@pytest.fixture
def caller(store: Store) -> Waits:
    return Waits(store)


def test_a_caller_who_comes_back_unanswered_waits_on(caller: Waits) -> None:
    caller.queued(priority=3)
    caller.tell(OfferFailed, seat="101", leg="x", reason="no answer")
    caller.queued(returning=True)
    caller.tell(WaitTold, position=2, seconds=90)
    caller.tell(CallAnswered, seat="102", leg="y", user=WANG)
    (row,) = caller.rows
    assert (row.result, row.seat, row.user, row.priority, row.language) == ("answered", "102", WANG, 3, "zh")
    assert (row.told_position, row.told_seconds) == (2, 90)
    assert row.ended_at is not None and (row.ended_at - row.entered_at) == timedelta(seconds=4)


def test_one_who_was_answered_and_is_sent_back_begins_the_next(caller: Waits) -> None:
    caller.queued()
    caller.tell(CallAnswered, seat="101", leg="x")
    caller.queued("water", why="transfer")
    caller.tell(CallEnded, stage="queue", outcome="abandoned")
    assert caller.results == [("hotline", "answered"), ("water", "abandoned")]
    assert [(row.n, row.why) for row in caller.rows] == [(1, ""), (2, "transfer")]


def test_another_queue_is_an_overflow_whether_or_not_that_was_told(caller: Waits) -> None:
    caller.queued()
    caller.tell(CallOverflowed, queue="hotline", to="queue:water", reason="waited")
    caller.queued("water", why="overflow")
    caller.queued("night", why="overflow")
    caller.tell(CallBackPromised, promise=uuid7(), queue="night", number="139", language="zh", priority=0, place=NOON,
                expires=NOON)  # fmt: skip
    caller.tell(CallEnded, stage="ivr", outcome="callback")
    assert caller.results == [("hotline", "overflowed"), ("water", "overflowed"), ("night", "called back")]


def test_the_net_carries_the_wait_on_or_begins_one(caller: Waits, store: Store) -> None:
    caller.queued("water")
    caller.tell(NetUsed, queue="hotline")
    assert caller.results == [("water", "")]
    other = Waits(store)
    other.tell(NetUsed, queue="hotline")
    assert sorted((row.queue, row.why) for row in other.rows) == [("hotline", "net"), ("water", "")]


def test_nobodys_wait_is_no_row(store: Store) -> None:
    call = CallId(uuid7())
    write_down(
        store, CallQueued(at=NOON, contact=ContactId(call), call=call, node="pbx1", queue="q", language="zh")
    )
    with store.read() as session:
        assert list(session.scalars(select(QueueEntryRow))) == []
