from uuid import UUID

from schema.desk import orders
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import CallCitizen, MakeReady, OpenSeat
from schema.outbox import OrderRow
from schema.store import Store

OPEN = OpenSeat(seat="101", user=UUID(int=7), name="王", digest="0" * 32)


def begin(store: Store, order: object) -> str:
    with store.work() as work:
        return orders.begin(work, order)  # type: ignore[arg-type]


def progress(store: Store, order: UUID, state: str, reason: str = "") -> None:
    with store.work() as work:
        orders.progress(work, order, state, reason)


def row(store: Store, order: UUID) -> OrderRow:
    with store.read() as session:
        found = session.get(OrderRow, order)
    assert found is not None
    return found


def test_an_intent_is_written_once(store: Store) -> None:
    assert begin(store, OPEN) == "intent"
    progress(store, OPEN.order, "sent")
    assert begin(store, OPEN) == "sent"
    progress(store, OPEN.order, "observed")
    assert begin(store, OPEN) == "observed"
    found = row(store, OPEN.order)
    assert (found.name, found.by, found.changed_at >= found.made_at) == ("OpenSeat", None, True)


def test_what_is_over_stays_as_it_is(store: Store) -> None:
    order = MakeReady(seat="101", by=UUID(int=7))
    begin(store, order)
    progress(store, order.order, "failed", "x" * 900)
    progress(store, order.order, "observed")
    found = row(store, order.order)
    assert (found.state, found.reason, found.by) == ("failed", "x" * 500, UUID(int=7))


def test_a_digest_is_kept_no_longer_than_it_is_needed(store: Store) -> None:
    begin(store, OPEN)
    assert row(store, OPEN.order).body["digest"] == "0" * 32
    progress(store, OPEN.order, "observed")
    assert row(store, OPEN.order).body["digest"] == ""


def test_progress_of_an_unknown_order_changes_nothing(store: Store) -> None:
    progress(store, uuid7(), "sent")
    with store.read() as session:
        assert orders.unfinished(session, (OpenSeat, MakeReady)) == []


def test_what_is_unfinished_is_found_in_order(store: Store) -> None:
    visit = CallCitizen(number="139", language="zh", case=CaseId(uuid7()), contact=ContactId(uuid7()))
    ready, over = MakeReady(seat="101"), MakeReady(seat="102")
    for order in (visit, OPEN, ready, over):
        begin(store, order)
    progress(store, visit.order, "sent")
    progress(store, over.order, "observed")
    with store.read() as session:
        assert orders.unfinished(session, (OpenSeat, MakeReady, CallCitizen)) == [
            (visit, "sent"), (OPEN, "intent"), (ready, "intent"),
        ]  # fmt: skip
        assert orders.unfinished(session, (MakeReady,)) == [(ready, "intent")]
