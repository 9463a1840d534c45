"""Edits, messages, wrong clocks, lost receipts, pressure and poison, at the intake and without a network."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from field_gateway.intake import Intake
from field_gateway.shelf import Shelf
from schema.desk.edits import conflicts, settle_edit, versions_of
from schema.desk.errors import Refused
from schema.desk.fieldmessages import WIPE, send_field_message, tell_device
from schema.fieldmessages import FieldMessageCopy, FieldNote, Poison, ReportVersion
from schema.handsets import Handset as Row
from schema.handsets import InboxRow, Media, Report
from schema.ids import uuid7
from schema.orders import SendFieldMessage
from schema.people import Department, User
from tests.field_gateway.play import LAT, LON, Handset, Street, announced, minutes, said

HERE = {"lon": LON, "lat": LAT, "accuracy": 5}


# -- edits -------------------------------------------------------------------------------------------------


def test_an_edit_is_the_next_version_and_the_first_stays_as_it_came(street: Street, hs1: Handset) -> None:
    first = uuid7()
    case_no = hs1.say("report", hs1.report(id=first, text="一", place=HERE))["case_no"]
    body = hs1.report(text="二", edits=first, base=1, media=[announced(b"x", uuid7())])
    receipt = hs1.say("report", body)
    assert (receipt["status"], receipt["version"], receipt["case_no"]) == ("kept", 2, case_no)
    assert hs1.say("report", body) == {**receipt, "status": "again"}
    assert hs1.say("report", hs1.report(text="三", edits=first, base=2))["version"] == 3
    report = street.one_of(Report)
    assert (report.text, report.version) == ("一", 3)
    with street.store.read() as session:
        assert [(one.version, one.base, one.text) for one in versions_of(session, [first])[first]] == [
            (2, 1, "二"), (3, 2, "三"),
        ]  # fmt: skip
    media = street.one_of(Media)
    assert (media.report, media.edit, media.case) == (
        first,
        media.edit,
        report.case,
    ) and media.edit is not None
    assert street.facts() == ["CaseFiled", "ReportReceived", "ReportEdited", "ReportEdited"]


def test_an_edit_of_an_older_version_is_kept_beside_and_settled_by_hand(street: Street, hs1: Handset) -> None:
    first, late = uuid7(), uuid7()
    hs1.say("report", hs1.report(id=first, text="一"))
    hs1.say("report", hs1.report(text="二", edits=first, base=1))
    body = hs1.report(id=late, text="另一个二", edits=first, base=1)
    receipt = hs1.say("report", body)
    assert (receipt["status"], receipt["code"], receipt["version"]) == ("conflict", "edit-conflict", 2)
    assert hs1.say("report", body) == receipt, "the same again is the same conflict"
    assert street.one_of(Report).version == 2
    with street.store.read() as session:
        assert [(edit.id, report.id) for edit, report in conflicts(session)] == [(late, first)]
    with street.store.work() as work:
        settle_edit(work, late, by=street.two.id, take=True)
        settle_edit(work, late, by=street.two.id, take=True)
        with pytest.raises(Refused, match="no conflict"):
            settle_edit(work, late, by=street.two.id, take=False)
    row = street.one_of(ReportVersion, ReportVersion.id == late)
    assert (row.state, row.version, row.settled_by, street.one_of(Report).version) == (
        "taken",
        3,
        street.two.id,
        3,
    )
    with street.store.read() as session:
        assert conflicts(session) == []


def test_a_conflict_may_be_left(street: Street, hs1: Handset) -> None:
    first, late = uuid7(), uuid7()
    hs1.say("report", hs1.report(id=first))
    hs1.say("report", hs1.report(text="二", edits=first, base=1))
    hs1.say("report", hs1.report(id=late, text="三", edits=first, base=1))
    with street.store.work() as work:
        settle_edit(work, late, by=street.two.id, take=False)
    assert (street.one_of(ReportVersion, ReportVersion.id == late).state, street.one_of(Report).version) == (
        "left",
        2,
    )


def test_what_cannot_be_edited_is_refused(street: Street, hs1: Handset, tmp_path: Path) -> None:
    hs2 = Handset(street.store, tmp_path / "vault", "hs2")
    first = uuid7()
    hs1.say("report", hs1.report(id=first))
    for who, content, code in (
        (hs1, {"edits": uuid7(), "base": 1}, "unknown-report"),
        (hs1, {"edits": first, "base": 2}, "bad-field"),
        (hs2, {"edits": first, "base": 1}, "not-yours"),
    ):
        assert who.say("report", who.report(**content))["code"] == code
    assert street.one_of(Report).version == 1


# -- messages ----------------------------------------------------------------------------------------------


def test_a_message_is_answered_once_it_was_shown(street: Street, hs1: Handset, tmp_path: Path) -> None:
    with street.store.work() as work:
        order = SendFieldMessage(to=(f"user:{street.one.id}",), text="早会 8 点")
        sent = send_field_message(work, order)
        assert send_field_message(work, order).id == sent.id
    hs2 = Handset(street.store, tmp_path / "vault", "hs2")
    seen = {"type": "message", "message": sent.id, "what": "shown"}
    assert hs2.say("message", hs2.body(**seen))["code"] == "unknown-message"
    assert hs1.say("message", hs1.body(**seen))["status"] == "kept"
    copy = street.one_of(FieldMessageCopy)
    assert copy.shown_at is not None and copy.shown_on == "hs1" and street.facts()[0] == "FieldMessageSent"


def test_a_message_goes_to_the_grid_workers_of_a_group_and_to_nobody_else(street: Street) -> None:
    with street.store.work() as work:
        from schema.notices import MessageGroup

        group = MessageGroup(id=uuid7(), name="早班", members=[str(street.one.id), str(street.two.id)],
                             changed_at=work.now)  # fmt: skip
        work.session.add(group)
        work.session.flush()
        order = SendFieldMessage(to=(f"group:{group.id}", f"user:{street.one.id}"), text="集合")
        send_field_message(work, order)
    assert street.one_of(FieldMessageCopy, FieldMessageCopy.worker == street.one.id)
    assert street.one_of(FieldMessageCopy, FieldMessageCopy.worker == street.two.id)
    with street.store.work() as work:
        team = Department(id=uuid7(), code="team", name="湖滨中队")
        work.session.add(team)
        work.session.flush()
        work.session.get_one(User, street.two.id).department = team.id
        sent = send_field_message(work, SendFieldMessage(to=(f"department:{team.id}",), text="收队"))
    only = FieldMessageCopy.message == sent.id
    assert street.one_of(FieldMessageCopy, only).worker == street.two.id, "of a department its workers alone"
    with street.store.work() as work, pytest.raises(Refused):
        send_field_message(work, SendFieldMessage(to=(), text="x"))
    with street.store.work() as work, pytest.raises(Refused):
        soon = work.now - minutes(1)
        send_field_message(work, SendFieldMessage(to=(f"user:{street.one.id}",), text="x", expires=soon))


def test_a_handset_says_that_it_forgot_everything(street: Street, hs1: Handset) -> None:
    with street.store.work() as work:
        sent = tell_device(work, "hs1", WIPE, by=None)
        assert tell_device(work, "hs1", WIPE, by=None).id == sent.id, "one at a time"
    hs1.say("message", hs1.body(type="message", message=sent.id, what="shown"))
    assert street.one_of(Row, Row.device == "hs1").wiped_at is not None
    with street.store.work() as work:
        assert tell_device(work, "hs1", WIPE, by=None).id != sent.id


def test_a_worker_writes_to_the_desk(street: Street, hs1: Handset) -> None:
    body = hs1.body(type="message", text="到现场了", to="desk")
    assert hs1.say("message", body)["status"] == "kept" and hs1.say("message", body)["status"] == "again"
    note = street.one_of(FieldNote)
    assert (note.text, note.worker, note.device) == ("到现场了", street.one.id, "hs1")


# -- clocks, status, receipts ------------------------------------------------------------------------------


def test_a_wrong_clock_is_corrected_marked_and_what_it_said_kept(street: Street, hs1: Handset) -> None:
    now = street.store.clock()
    told = datetime(2001, 1, 1, tzinfo=UTC)
    body = hs1.report(made=told.isoformat(), boot="a", mono=1_000)
    hs1.say("report", body, now, sent=(told + minutes(30)).isoformat(), clock=f"a:{1_000 + 30 * 60_000}")
    report = street.one_of(Report)
    assert (report.made_at, report.told_at, report.flag) == (now - minutes(30), told, "clock")
    hs1.say("clock", hs1.body(type="clock", on=True, made=told.isoformat(), boot="b", mono=5), now,
            sent=(told + minutes(10)).isoformat(), clock="c:9")  # fmt: skip
    from schema.handsets import Duty

    assert street.one_of(Duty).started_at == now - minutes(10)


def test_how_a_handset_is_is_written_down(street: Street, hs1: Handset) -> None:
    status = {"battery": 7, "charging": False, "version": "1.2", "backlog": 40, "free_mb": 12}
    hs1.say("clock", hs1.body(type="clock", on=True, status=status))
    row = street.one_of(Row, Row.device == "hs1")
    assert (row.battery, row.charging, row.version, row.backlog, row.free_mb) == (7, False, "1.2", 40, 12)
    assert row.status_at is not None
    hs1.say("clock", hs1.body(type="clock", on=False, status={"backlog": 0}))
    row = street.one_of(Row, Row.device == "hs1")
    assert (row.battery, row.backlog) == (7, 0)


def test_lost_receipts_are_made_good_by_the_next_one(street: Street, hs1: Handset) -> None:
    ids = [uuid7() for _ in range(4)]
    for number, id in enumerate(ids[:3]):
        hs1.say("report", hs1.report(id=id, seq=10 + number))
    hs1.say("report", hs1.report(id=uuid7(), seq=12, edits=ids[0], base=1))
    conflict = uuid7()
    hs1.say("report", hs1.report(id=conflict, seq=13, edits=ids[0], base=1))
    receipt = hs1.say("report", hs1.report(id=ids[3], seq=14), low="11")
    assert {str(one) for one in ids[1:3]} < set(receipt["ids"]) and str(ids[0]) not in receipt["ids"]
    assert str(ids[3]) not in receipt["ids"] and str(conflict) not in receipt["ids"]
    assert street.one_of(InboxRow, InboxRow.id == ids[3]).receipt.get("ids") is None
    assert "ids" not in hs1.say("report", hs1.report(seq=15))


# -- pressure and poison -----------------------------------------------------------------------------------


def test_under_pressure_nothing_is_kept_and_the_handset_told_when_to_come_again(
    street: Street, hs1: Handset, tmp_path: Path
) -> None:
    asked: list[str] = []

    def pressed(what: str) -> int:
        asked.append(what)
        return 30 if what == "media" else 0

    intake = Intake(street.store, Shelf(tmp_path / "vault"), pressed)
    hs1.intake = intake
    media = uuid7()
    assert hs1.say("report", hs1.report(media=[announced(b"data", media)]))["status"] == "kept"
    receipt = hs1.chunk(media, 0, b"data")
    assert (receipt["status"], receipt["retry_after"], receipt["id"]) == ("later", 30, str(media))
    assert receipt["media"] == [{"id": str(media), "received": 0}] and street.one_of(Media).received == 0
    assert asked == ["report", "media"]


def test_poison_is_set_aside_whole_once_with_the_reason(street: Street, hs1: Handset) -> None:
    id, body = uuid7(), b""
    body = hs1.report(id=id)
    for _ in range(2):
        answer = said(hs1.intake.give_up("gridline/hs1/up/report", body, "KeyError: 'x'"))
        assert (answer["status"], answer["code"], answer["id"]) == ("refused", "failed", str(id))
    row = street.one_of(Poison)
    assert (row.device, row.topic, row.id, row.body) == ("hs1", "gridline/hs1/up/report", id, body)
    assert (row.reason, row.count) == ("KeyError: 'x'", 2)
