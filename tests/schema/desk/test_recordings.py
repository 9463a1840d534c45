"""The recordings' desk: one row a leg, kept once with its fact, missing with a reason, every look noted."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from schema.desk import recordings as desk
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import AuditRow
from schema.recordings import Recording
from schema.store import Store, UnitOfWork

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CONTACT = uuid7()
PATHS = {"mix": "r/mix.wav", "citizen": "r/citizen.wav", "seat": "r/seat.wav"}
HASHES = {"mix": "a" * 64, "citizen": "b" * 64, "seat": "c" * 64}


def begin(work: UnitOfWork, leg: str = "1.1", at: datetime | None = AT) -> Recording:
    return desk.begin(
        work, contact=CONTACT, call=CONTACT, node="pbx1", leg=leg, seat="101", name=f"n{leg}", at=at
    )


def test_a_leg_has_one_row_and_a_start_heard_later_is_filled_in(store: Store) -> None:
    with store.work() as work:
        first = begin(work, at=None)
    with store.work() as work:
        assert begin(work).id == first.id
    with store.work() as work:
        begin(work, at=datetime(2027, 1, 1, tzinfo=UTC))
    with store.read() as session:
        assert session.scalars(select(Recording.started_at)).one() == AT
        assert [row.id for row in desk.unfinished(session)] == [first.id]


def test_kept_twice_is_told_once(store: Store) -> None:
    with store.work() as work:
        row = begin(work)
    for seconds in (3.5, 9.9):
        with store.work() as work:
            desk.keep(work, row.id, seconds=seconds, paths=PATHS, hashes=HASHES)
    with store.read() as session:
        found = desk.find(session, row.id)
        assert found is not None
        assert (found.state, found.seconds, found.citizen_side) == ("kept", 3.5, "r/citizen.wav")
        assert (found.mix_sha256, found.seat_sha256) == ("a" * 64, "c" * 64)
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1
        assert desk.unfinished(session) == []


def test_the_start_is_an_estimate_only_where_nobody_heard_it(store: Store) -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    with store.work() as work:
        heard, unheard = begin(work), begin(work, "1.2", at=None)
        for row in (heard, unheard):
            desk.keep(work, row.id, seconds=1, paths=PATHS, hashes=HASHES, started_at=early)
    assert (heard.started_at, unheard.started_at) == (AT, early)


def test_what_does_not_exist_is_not_kept(store: Store) -> None:
    with pytest.raises(LookupError, match="there is no recording"), store.work() as work:
        desk.keep(work, uuid7(), seconds=1, paths=PATHS, hashes=HASHES)


def test_a_missing_one_says_why_and_a_kept_one_is_never_missing(store: Store) -> None:
    with store.work() as work:
        gone, kept = begin(work, "1.1"), begin(work, "1.2")
        desk.keep(work, kept.id, seconds=1, paths=PATHS, hashes=HASHES)
        desk.miss(work, gone.id, "r" * 300)
        desk.miss(work, kept.id, "no")
    assert (gone.state, gone.reason) == ("missing", "r" * 200)
    assert (kept.state, kept.reason) == ("kept", "")


def test_found_by_contact_oldest_first(store: Store) -> None:
    with store.work() as work:
        later = begin(work, "1.2", at=datetime(2026, 11, 25, tzinfo=UTC))
        first = begin(work, "1.1")
    with store.read() as session:
        assert [row.id for row in desk.of_contact(session, CONTACT)] == [first.id, later.id]
        assert desk.of_contact(session, uuid7()) == []


def test_each_look_is_a_row_allowed_or_not(store: Store) -> None:
    who, recording = uuid7(), uuid7()
    with store.work() as work:
        desk.looked(work, who=who, login="supervisor1", recording=recording, ip="127.0.0.1")
        desk.looked(work, who=who, login="supervisor1", recording=recording, ip="127.0.0.1", allowed=False)
    with store.read() as session:
        looks = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(look.what, look.subject, look.who, look.allowed) for look in looks] == [
        ("recording.play", str(recording), who, True),
        ("recording.play", str(recording), who, False),
    ]
