"""What waits from the street is settled by taking one version; nothing is overwritten, nothing hidden is shown."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk import settling
from schema.desk.edits import take_edit
from schema.desk.errors import Refused
from schema.desk.field import NewReport, take_report
from schema.desk.handsets import enrol
from schema.desk.inbox import keep_conflict, set_aside
from schema.desk.scope import active_actor
from schema.fieldmessages import ReportVersion
from schema.handsets import Handset, InboxConflict, Report
from schema.ids import uuid7
from schema.rules.access import Actor
from tests.schema.desk.casework import CELL, Office

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def handset(desk: Office) -> Handset:
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        return enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")


def reported(desk: Office, handset: Handset, text: str = "一", **more: object) -> UUID:
    new = NewReport(id=uuid7(), kind="report", text=text, made=NOW, **more)  # type: ignore[arg-type]
    with desk.store.work() as work:
        take_report(work, handset, new)
    return new.id


def edited(desk: Office, handset: Handset, report: UUID, text: str, base: int) -> UUID:
    new = NewReport(id=uuid7(), kind="report", text=text, made=NOW, edits=report, base=base)
    with desk.store.work() as work:
        take_edit(work, handset, new)
    return new.id


def reused(desk: Office, id: UUID, **content: object) -> int:
    body = json.dumps({"id": str(id), "made": "2026-11-24T16:00:00+08:00", **content}, ensure_ascii=False)
    with desk.store.work() as work:
        keep_conflict(work, device="hs-1", id=id, body_hash=uuid7().hex * 2, body=body)
    with desk.store.read() as session:
        return session.scalars(select(InboxConflict.key).order_by(InboxConflict.key.desc())).first() or 0


def who(desk: Office, user: UUID) -> Actor:
    with desk.store.read() as session:
        found = active_actor(session, user)
    assert found is not None
    return found


def test_an_edit_that_came_too_late_is_shown_beside_the_newest_and_taken(
    desk: Office, handset: Handset
) -> None:
    report = reported(desk, handset)
    edited(desk, handset, report, "二", 1)
    late = edited(desk, handset, report, "三", 1)
    clerk = who(desk, desk.clerk)
    with desk.store.read() as session:
        [pair] = settling.edit_pairs(session, clerk)
        assert settling.waiting(session, clerk) == {"conflicts": 1, "aside": 0, "loose": 1}
    assert pair.now is not None and pair.other is not None
    assert (pair.now.text, pair.now.number, pair.other.text, pair.device) == ("二", 2, "三", "hs-1")
    for _ in range(2):
        with desk.store.work() as work:
            row = settling.take_or_leave(work, late, clerk, desk.clerk, take=True)
            assert (row.version, row.state, row.settled_by) == (3, "taken", desk.clerk)
    with desk.store.read() as session:
        assert settling.edit_pairs(session, clerk) == []
        assert session.get_one(Report, report).text == "一", "what came first stays as it came"


def test_a_message_that_used_an_id_again_is_taken_as_the_next_version_or_left(
    desk: Office, handset: Handset
) -> None:
    one, two, clerk = reported(desk, handset), reported(desk, handset, "甲"), who(desk, desk.clerk)
    taken = reused(desk, one, text="二", place={"lon": 120.155, "lat": 30.265})
    left = reused(desk, two, text="乙")
    odd = reused(desk, uuid7(), on=True)
    with desk.store.read() as session:
        pairs = settling.reused_pairs(session, clerk)
    assert [(pair.now and pair.now.text, pair.other and pair.other.text) for pair in pairs] == [
        ("一", "二"), ("甲", "乙"), (None, None),
    ]  # fmt: skip
    for _ in range(2):
        for key, take in ((taken, True), (left, False), (odd, False)):
            with desk.store.work() as work:
                settling.settle_reused(work, key, clerk, desk.clerk, take=take)
    for key, take in ((taken, False), (left, True)):
        with pytest.raises(Refused, match="the other way"), desk.store.work() as work:
            settling.settle_reused(work, key, clerk, desk.clerk, take=take)
    with desk.store.read() as session:
        row = session.scalars(select(ReportVersion)).one()
        assert (row.report, row.version, row.text, row.cell, row.state) == (one, 2, "二", CELL, "taken")
        assert row.made_at == NOW and session.get_one(Report, one).version == 2
        assert settling.waiting(session, clerk)["conflicts"] == 0


def test_what_is_no_report_cannot_be_taken(desk: Office, handset: Handset) -> None:
    clerk = who(desk, desk.clerk)
    odd = reused(desk, reported(desk, handset), on=True)
    with pytest.raises(Refused, match="no report"), desk.store.work() as work:
        settling.settle_reused(work, odd, clerk, desk.clerk, take=True)
    with pytest.raises(Refused, match="no such"), desk.store.work() as work:
        settling.settle_reused(work, 999, clerk, desk.clerk, take=True)
    for body in (
        "no json",
        "[]",
        '{"text": 1, "made": "2026-11-24T16:00:00Z"}',
        '{"text": "x"}',
        '{"text": "x", "made": 3}',
    ):
        assert settling.said(body) is None


def test_a_conflict_over_a_confidential_case_is_for_those_who_may_read_it(
    desk: Office, handset: Handset
) -> None:
    case = desk.case(confidential=True)
    with desk.store.work() as work:
        report = Report(
            id=uuid7(), device="hs-1", worker=desk.worker, case=case.id, contact=case.contact, kind="report",
            text="一", made_at=NOW, at=NOW,
        )  # fmt: skip
        work.session.add(report)
    edited(desk, handset, report.id, "二", 1)
    late, again = edited(desk, handset, report.id, "三", 1), reused(desk, report.id, text="四")
    clerk, supervisor = who(desk, desk.clerk), who(desk, desk.supervisor)
    with desk.store.read() as session:
        assert settling.edit_pairs(session, clerk) == settling.reused_pairs(session, clerk) == []
        assert settling.waiting(session, clerk)["conflicts"] == 0
        assert settling.waiting(session, supervisor)["conflicts"] == 2
        assert settling.edit_pairs(session, supervisor)[0].case_no == case.case_no
    with pytest.raises(Refused, match="no such"), desk.store.work() as work:
        settling.take_or_leave(work, late, clerk, desk.clerk, take=True)
    with pytest.raises(Refused, match="no such"), desk.store.work() as work:
        settling.settle_reused(work, again, clerk, desk.clerk, take=False)


def test_a_message_set_aside_waits_again_when_it_comes_again(desk: Office) -> None:
    clock = [NOW]
    desk.store.clock = lambda: clock[0]

    def fail() -> None:
        with desk.store.work() as work:
            set_aside(work, device="hs-1", topic="t", id=None, body_hash="a" * 64, body=b"\xff", reason="why")

    def waiting() -> list[int]:
        with desk.store.read() as session:
            return [row.count for row in settling.aside(session)]

    fail()
    with desk.store.read() as session:
        key = settling.aside(session)[0].key
    for _ in range(2):
        with desk.store.work() as work:
            settling.settle_aside(work, key, desk.clerk)
    assert waiting() == []
    clock[0] += timedelta(minutes=1)
    fail()
    assert waiting() == [2]
    with pytest.raises(Refused, match="no such"), desk.store.work() as work:
        settling.settle_aside(work, 999, desk.clerk)


def test_a_report_is_without_a_case_until_one_is_filed_under_its_contact(
    desk: Office, handset: Handset
) -> None:
    report = reported(desk, handset)
    with desk.store.read() as session:
        [(row, name)] = settling.without_case(session)
        assert row.id == report and name and settling.without_case(session, NOW) == []
    desk.case(contact=row.contact)
    with desk.store.read() as session:
        assert settling.without_case(session) == []
