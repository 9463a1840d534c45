"""The recordings' desk: one row a leg, kept once with its fact, missing with a reason, every look noted."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from schema.desk import recordings as desk
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import AuditRow
from schema.recordings import Recording, RecordingGap
from schema.store import Store, UnitOfWork

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CONTACT = uuid7()


def files(of: Recording) -> list[desk.SideFile]:
    return [
        desk.SideFile(side, f"{of.id}/{side}", "audio/ogg", 9, letter * 64, "wrapped", b"123")
        for side, letter in (("mix", "a"), ("citizen", "b"), ("seat", "c"))
    ]


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
        later = AT + timedelta(seconds=1)
        assert desk.unfinished(session, "pbx1", later) == [first.name]
        assert desk.unfinished(session, "pbx1", AT) == desk.unfinished(session, "pbx2", later) == []


def test_kept_twice_is_told_once(store: Store) -> None:
    with store.work() as work:
        row = begin(work)
    for seconds in (3.5, 9.9):
        with store.work() as work:
            desk.keep(work, row.id, seconds=seconds, files=files(row))
    with store.read() as session:
        found = desk.find(session, row.id)
        assert found is not None
        assert (found.state, found.seconds, found.sha256) == ("kept", 3.5, "a" * 64)
        assert {file.side: file.sha256[0] for file in desk.files_of(session, row.id)} == {
            "mix": "a", "citizen": "b", "seat": "c",
        }  # fmt: skip
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1
        assert desk.unfinished(session, "pbx1", AT + timedelta(days=1)) == []


def test_the_start_is_an_estimate_only_where_nobody_heard_it(store: Store) -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    with store.work() as work:
        heard, unheard = begin(work), begin(work, "1.2", at=None)
        for row in (heard, unheard):
            desk.keep(work, row.id, seconds=1, files=files(row), started_at=early)
    assert (heard.started_at, unheard.started_at) == (AT, early)


def test_what_does_not_exist_is_not_kept(store: Store) -> None:
    with pytest.raises(LookupError, match="there is no recording"), store.work() as work:
        desk.keep(work, uuid7(), seconds=1, files=[])


def test_a_missing_one_says_why_and_a_kept_one_is_never_missing(store: Store) -> None:
    with store.work() as work:
        gone, kept = begin(work, "1.1"), begin(work, "1.2")
        desk.keep(work, kept.id, seconds=1, files=files(kept))
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


def test_an_erased_one_has_no_keys_from_that_commit_on_and_is_never_kept_again(store: Store) -> None:
    with store.work() as work:
        row = begin(work)
        desk.keep(work, row.id, seconds=1, files=files(row))
    for _ in range(2):
        with store.work() as work:
            desk.erase(work, row.id, "calls are kept for 1,095 days")
    with store.work() as work:
        assert {file.key for file in desk.files_of(work.session, row.id)} == {""}
        desk.keep(work, row.id, seconds=1, files=files(row))
        desk.forget_file(work, row.id, "mix")
    with store.read() as session:
        found = desk.find(session, row.id)
        assert found is not None and (found.state, found.reason) == (
            "erased",
            "calls are kept for 1,095 days",
        )
        assert [file.side for file in desk.files_of(session, row.id)] == ["citizen", "seat"]
        told = session.scalars(select(OutboxRow.name).order_by(OutboxRow.id)).all()
        assert told == ["RecordingKept", "RecordingErased"]
        assert session.scalars(select(AuditRow.what)).all() == ["recording.erase"]


def test_a_gap_is_from_the_pause_to_the_resumption_or_the_end(store: Store) -> None:
    with store.work() as work:
        for _ in range(2):
            desk.pause(work, node="pbx1", leg="1.1", seat="101", at=AT)
    with store.work() as work:
        desk.resume(work, node="pbx1", leg="1.2", at=AT + timedelta(seconds=1))
        desk.resume(work, node="pbx1", leg="1.1", at=AT + timedelta(seconds=5))
        desk.resume(work, node="pbx1", leg="1.1", at=AT + timedelta(seconds=9))
    with store.read() as session:
        [gap] = session.scalars(select(RecordingGap))
        assert (gap.began_at, gap.ended_at, gap.seat) == (AT, AT + timedelta(seconds=5), "101")


def test_a_gap_that_ended_by_itself_says_so(store: Store) -> None:
    for second, by_itself in ((0, True), (20, False)):
        with store.work() as work:
            desk.pause(work, node="pbx1", leg="1.1", seat="101", at=AT + timedelta(seconds=second))
        with store.work() as work:
            desk.resume(
                work, node="pbx1", leg="1.1", at=AT + timedelta(seconds=second + 9), by_itself=by_itself
            )
    with store.read() as session:
        gaps = session.scalars(select(RecordingGap).order_by(RecordingGap.began_at))
        assert [gap.by_itself for gap in gaps] == [True, False]
