"""What was said, what was said twice in two ways, and what was refused."""

from sqlalchemy import select

from schema.desk.inbox import accept, keep_conflict, known, refuse
from schema.handsets import InboxConflict, Refusal
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.store import Store


def test_a_message_is_known_by_its_device_and_id(store: Store) -> None:
    id = uuid7()
    with store.work() as work:
        accept(work, device="a", id=id, body_hash="h", kind="report", seq=1, receipt={"status": "kept"})
    with store.work() as work:
        found = known(work.session, [("a", id), ("b", id), ("a", uuid7())])
        assert found == {("a", id): ("h", {"status": "kept"})}
        accept(work, device="b", id=id, body_hash="h", kind="report", seq=1, receipt={})


def test_a_conflict_is_kept_once_whatever_is_in_it(store: Store) -> None:
    id = uuid7()
    found = []
    for body_hash in ("h1", "h1", "h2"):
        with store.work() as work:
            found.append(keep_conflict(work, device="a", id=id, body_hash=body_hash, body="a\0b\ufffd"))
    assert found == [True, False, True]
    with store.read() as session:
        assert {row.body for row in session.scalars(select(InboxConflict))} == {"a\ufffdb\ufffd"}


def test_refusals_are_counted_by_device_and_code_and_told_once(store: Store) -> None:
    first = []
    for device, code, count in (("a", "x", 1), ("a", "x", 3), ("a", "y", 1), ("b", "x", 1)):
        with store.work() as work:
            reason = f"{code} {count}" + "\0" * 400
            first.append(refuse(work, device=device, topic="t" * 300, code=code, reason=reason, count=count))
    assert first == [True, False, True, True]
    with store.read() as session:
        row = session.get_one(Refusal, ("a", "x"))
        assert row.count == 4 and row.reason.startswith("x 3") and "\0" not in row.reason
        assert len(row.reason) == 300 and len(row.topic) == 120 and row.first_at < row.last_at
        told = [
            r.body["code"]
            for r in session.scalars(select(OutboxRow).where(OutboxRow.name == "MessageRefused"))
        ]
        assert told == ["x", "y", "x"]
