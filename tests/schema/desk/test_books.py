from typing import Any

from schema.desk import calls
from schema.desk.books import UNSAID, Books
from schema.facts import (
    CallEntered,
    CallFact,
    LegEnded,
    LegHeld,
    LegJoined,
    LegLeft,
    RecordingStarted,
    RecordingStopped,
    SeatFact,
    SeatOpened,
)
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import commit, opened
from tests.schema.desk.test_calls import NOON, WANG


def test_whatever_makes_a_step_of_a_time_line_is_said() -> None:
    assert not UNSAID & (calls._CALLS.keys() | {CallEntered, RecordingStarted, RecordingStopped})
    assert not UNSAID & set(SeatFact.__subclasses__())
    assert all(issubclass(kind, CallFact) for kind in UNSAID)


def test_a_leg_that_joins_is_told_of_only_when_it_was_on_hold(store: Store) -> None:
    books, call = Books("pbx1"), CallId(uuid7())
    about: dict[str, Any] = {"at": NOON, "contact": ContactId(call), "call": call, "node": "pbx1"}
    leg = about | {"leg": "1.1", "kind": "citizen"}
    entered = CallEntered(**about, leg="1.1", channel="c", number="139", dialled="1")
    joined, held = LegJoined(**leg, bridge="b"), LegHeld(**leg)
    left, ended = LegLeft(**leg, bridge="b"), LegEnded(**about, leg="1.1")
    for fact, told in (
        (entered, True), (joined, False), (left, False), (held, True), (left, False), (joined, True), (joined, False),
        (held, True),
    ):  # fmt: skip
        books.hear(fact)
        assert books.says(fact) is told
    commit(store, books)
    again = opened(store)
    assert again.says(joined) and not again.says(joined)
    again = opened(store)
    assert not again.says(ended) and not again.says(joined)
    assert not opened(store, "pbx2").says(joined)


def test_books_opened_from_their_own_rows_have_nothing_to_write(store: Store) -> None:
    books, call = Books("pbx1"), CallId(uuid7())
    books.hear(
        CallEntered(at=NOON, contact=ContactId(call), call=call, node="pbx1", leg="1.1", channel="c", number="139",
                    dialled="1")
    )  # fmt: skip
    books.hear(SeatOpened(at=NOON, seat="101", node="pbx1", user=WANG))
    books.spells.turn("101", WANG, "unreachable", NOON)
    commit(store, books)
    again = opened(store)
    assert again.calls.live(call) and not again.waits
    assert not opened(store, "pbx2").calls.live(call)
    commit(store, again)
