from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from schema.calls import CallBackRow
from schema.facts import (
    CallBackDropped,
    CallBackFailed,
    CallBackKept,
    CallBackPromised,
    CallBackTried,
    PromiseFact,
)
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import write_down

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
AGAIN = CallId(uuid7())


class Promised:
    """A promise to a caller, told of by a process of its own each time."""

    def __init__(self, store: Store) -> None:
        self.store, self.id, self.contact = store, uuid7(), ContactId(uuid7())
        self.promised = CallBackPromised(
            at=NOON, contact=self.contact, call=CallId(self.contact), node="pbx1", promise=self.id, queue="hotline",
            number="139", language="ug", priority=2, place=NOON, expires=NOON + timedelta(hours=4),
        )  # fmt: skip
        write_down(store, self.promised)

    def tell(self, kind: type[PromiseFact], **more: Any) -> None:
        write_down(self.store, kind(at=LATER, contact=self.contact, promise=self.id, node="pbx1", **more))

    @property
    def row(self) -> CallBackRow:
        with self.store.read() as session:
            return session.scalars(select(CallBackRow)).one()


@pytest.fixture
def promise(store: Store) -> Promised:
    return Promised(store)


def test_a_promise_that_is_kept_at_the_second_try(promise: Promised) -> None:
    promise.tell(CallBackTried, call=AGAIN, attempt=1, seat="101")
    assert (promise.row.state, promise.row.attempts) == ("dialling", 1)
    promise.tell(CallBackFailed, reason="busy", again=LATER)
    assert (promise.row.state, promise.row.reason, promise.row.next_at) == ("retry", "busy", LATER)
    promise.tell(CallBackTried, call=AGAIN, attempt=2, seat="102")
    promise.tell(CallBackKept, call=AGAIN)
    row = promise.row
    assert (row.state, row.attempts, row.kept_call, row.ended_at, row.place) == (
        "kept",
        2,
        AGAIN,
        LATER,
        NOON,
    )
    promise.tell(CallBackFailed, reason="busy", again=LATER)
    write_down(promise.store, promise.promised)
    assert (promise.row.state, promise.row.attempts) == ("kept", 2)


def test_a_try_that_failed_for_want_of_a_seat_is_not_counted(promise: Promised) -> None:
    promise.tell(CallBackTried, call=AGAIN, attempt=1)
    promise.tell(CallBackFailed, reason="no seat", again=LATER)
    assert (promise.row.state, promise.row.attempts, promise.row.next_at) == ("promised", 0, None)


@pytest.mark.parametrize(
    ("kind", "reason", "state"),
    [
        (CallBackFailed, "no answer", "failed"),
        (CallBackDropped, "expired", "expired"),
        (CallBackDropped, "cancelled", "cancelled"),
        (CallBackDropped, "rang again", "cancelled"),
    ],
)
def test_how_a_promise_ends_unkept(
    promise: Promised, kind: type[PromiseFact], reason: str, state: str
) -> None:
    promise.tell(kind, reason=reason)
    assert (promise.row.state, promise.row.reason, promise.row.ended_at) == (state, reason, LATER)
