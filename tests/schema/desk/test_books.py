from schema.desk import calls
from schema.desk.books import UNSAID, Books
from schema.facts import CallEntered, CallFact, RecordingStarted, RecordingStopped, SeatFact, SeatOpened
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import commit, opened
from tests.schema.desk.test_calls import NOON, WANG


def test_whatever_makes_a_step_of_a_time_line_is_said() -> None:
    assert not UNSAID & (calls._CALLS.keys() | {CallEntered, RecordingStarted, RecordingStopped})
    assert set(SeatFact.__subclasses__()) <= UNSAID
    assert all(issubclass(kind, CallFact | SeatFact) for kind in UNSAID)


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
