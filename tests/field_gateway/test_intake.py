"""Messages become rows once, whatever happens, and everybody is told what became of theirs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from schema.cases import Case, Task
from schema.desk.handsets import block
from schema.handsets import Duty, InboxConflict, Refusal, Report
from schema.ids import uuid7
from schema.positions import Position
from schema.store import StoreUnreachable
from tests.field_gateway.play import CELL, LAT, LON, Handset, Street, minutes


def test_a_report_answers_its_task_in_one_commit(street: Street, hs1: Handset) -> None:
    task = street.dispatch()
    receipt = hs1.say("report", hs1.report(task=task.id, place={"lon": LON, "lat": LAT, "accuracy": 5}))
    assert (
        receipt["status"] == "kept"
        and receipt["case_no"] == "S20261124001"
        and len(receipt["row_hash"]) == 64
    )
    report = street.one_of(Report)
    assert (report.task, report.case, report.contact) == (task.id, task.case, task.contact)
    assert (report.worker, report.device, report.cell, report.text) == (street.one.id, "hs1", CELL, "已修好")
    assert street.one_of(Case).state == "handled" and street.one_of(Task).state == "done"
    assert street.facts() == ["ReportReceived", "CaseHandled"]


def test_the_same_message_gets_the_same_answer_and_changes_nothing(street: Street, hs1: Handset) -> None:
    body = hs1.report(task=street.dispatch().id)
    first = hs1.say("report", body)
    rows = street.rows()
    for _ in range(3):
        assert hs1.say("report", body) == {**first, "status": "again"}
    assert street.rows() == rows


def test_the_same_id_with_another_body_is_kept_for_review(street: Street, hs1: Handset) -> None:
    id = uuid7()
    hs1.say("report", hs1.report(id=id, text="one"))
    other = hs1.report(id=id, text="two")
    for _ in range(2):
        receipt = hs1.say("report", other)
        assert (receipt["status"], receipt["code"]) == ("conflict", "id-reused")
    conflict = street.one_of(InboxConflict)
    assert (conflict.device, conflict.id, conflict.body) == ("hs1", id, other.decode())
    assert street.one_of(Report).text == "one"


def test_an_id_used_for_another_kind_of_message_is_a_conflict_too(street: Street, hs1: Handset) -> None:
    id = uuid7()
    hs1.say("clock", hs1.body(type="clock", id=id, on=True))
    assert hs1.say("report", hs1.report(id=id))["status"] == "conflict"


def test_a_report_of_ones_own_starts_a_contact(street: Street, hs1: Handset) -> None:
    id, contact = uuid7(), uuid7()
    receipt = hs1.say("report", hs1.report(id=id))
    assert receipt["status"] == "kept" and "case_no" not in receipt
    assert street.one_of(Report).contact == id
    hs1.say("report", hs1.report(contact=contact))
    assert street.one_of(Report, Report.id != id).contact == contact


def test_the_contact_of_a_task_is_not_the_handsets_to_say(street: Street, hs1: Handset) -> None:
    task = street.dispatch()
    hs1.say("report", hs1.report(task=task.id, case=uuid7(), contact=uuid7()))
    assert (street.one_of(Report).case, street.one_of(Report).contact) == (task.case, task.contact)


def test_the_handsets_time_is_kept_and_a_future_one_flagged(street: Street, hs1: Handset) -> None:
    late, ahead = datetime.now(UTC) - minutes(600), datetime.now(UTC) + minutes(60)
    for made, flag in ((late, ""), (ahead, "future")):
        id = uuid7()
        assert hs1.say("report", hs1.report(id=id, made=made.isoformat()))["status"] == "kept"
        report = street.one_of(Report, Report.id == id)
        assert (report.made_at, report.flag) == (made, flag)


def test_what_is_not_the_workers_is_refused(street: Street, hs1: Handset) -> None:
    theirs = street.dispatch(street.two.id)
    for content, code in (
        ({"task": theirs.id}, "not-yours"),
        ({"case": theirs.case}, "not-yours"),
        ({"task": uuid7()}, "unknown-task"),
        ({"case": uuid7()}, "unknown-case"),
    ):
        id = uuid7()
        receipt = hs1.say("report", hs1.report(id=id, **content))
        assert (receipt["status"], receipt["code"], receipt["id"]) == ("refused", code, str(id))
        assert receipt["reason"]
    assert hs1.say("task", hs1.body(type="task", task=theirs.id, what="shown"))["code"] == "not-yours"
    assert street.rows()["reports"] == 0 and street.one_of(Task).state == "made"


def test_a_report_may_name_a_case_the_worker_has_had(street: Street, hs1: Handset) -> None:
    task = street.dispatch()
    receipt = hs1.say("report", hs1.report(case=task.case))
    assert (receipt["status"], receipt["case_no"]) == ("kept", "S20261124001")
    assert street.one_of(Report).contact == task.contact
    assert street.one_of(Case).state == "dispatched"


def test_another_device_cannot_use_up_an_id(street: Street, hs1: Handset, tmp_path: Path) -> None:
    hs2 = Handset(street.store, tmp_path / "vault", "hs2")
    id, media = uuid7(), {"id": str(uuid7()), "type": "image/png", "size": 1, "sha256": "a" * 64}
    hs1.say("report", hs1.report(id=id, media=[media]))
    assert hs2.say("report", hs2.report(id=id))["code"] == "id-taken"
    assert hs2.say("report", hs2.report(media=[media]))["code"] == "id-taken"
    assert street.rows()["reports"] == 1


def test_what_was_seen_is_kept_though_the_task_was_recalled(street: Street, hs1: Handset) -> None:
    task = street.dispatch()
    with street.store.work() as work:
        work.session.get_one(Task, task.id).state = "recalled"
    receipt = hs1.say("report", hs1.report(task=task.id))
    assert receipt["status"] == "kept" and receipt["reason"]
    assert street.one_of(Report).task == task.id
    assert street.one_of(Case).state == "dispatched"


def test_strangers_and_blocked_devices_are_refused(street: Street, hs1: Handset, tmp_path: Path) -> None:
    stranger = Handset(street.store, tmp_path / "vault", "nobody")
    assert stranger.say("report", stranger.report())["code"] == "unknown-device"
    with street.store.work() as work:
        block(work, "hs1")
    assert hs1.say("report", hs1.report())["code"] == "blocked"
    assert hs1.chunk(uuid7(), 0, b"x")["code"] == "blocked"
    assert street.rows()["inbox"] == 0


def test_junk_is_counted_by_device_and_code_and_logged_once(street: Street, hs1: Handset) -> None:
    with structlog.testing.capture_logs() as logs:
        for number in range(5):
            assert hs1.say("report", b"{" * (number + 1))["code"] == "not-json"
        for _ in range(3):
            assert hs1.say("report", hs1.report(text=5))["code"] == "bad-field"
        assert hs1.say("song", b"la") == {}
        assert hs1.intake.take("gridline/a b/up/report", b"", []) is None
    assert len(logs) == 4 and all(line["log_level"] == "warning" for line in logs)
    counts = {}
    with street.store.read() as session:
        for row in session.query(Refusal):
            counts[row.device, row.code] = row.count
    assert counts == {
        ("hs1", "not-json"): 5,
        ("hs1", "bad-field"): 3,
        ("hs1", "bad-topic"): 1,
        ("?", "bad-topic"): 1,
    }
    assert street.facts() == ["MessageRefused"] * 4


def test_a_refusal_names_the_id_when_there_is_one(hs1: Handset) -> None:
    id = str(uuid7())
    assert hs1.say("report", json.dumps({"id": id, "v": 9}).encode())["id"] == id
    assert hs1.say("report", b"nothing")["id"] is None


def test_a_message_nobody_can_take_is_given_up_in_words(street: Street, hs1: Handset) -> None:
    id = uuid7()
    answer = hs1.intake.give_up("gridline/hs1/up/report", hs1.report(id=id))
    assert answer is not None and (answer.receipt.id, answer.receipt.code) == (id, "failed")
    assert street.one_of(Refusal).code == "failed"
    assert hs1.intake.give_up("gridline", b"") is None


def test_nothing_is_left_when_the_commit_fails(
    street: Street, hs1: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, body = street.dispatch(), None
    body = hs1.report(task=task.id)
    before = street.rows()
    from field_gateway import intake

    def away(*_: object, **__: object) -> None:
        raise StoreUnreachable("gone")

    with monkeypatch.context() as patched, pytest.raises(StoreUnreachable):
        patched.setattr(intake.inbox, "accept", away)
        hs1.say("report", body)
    assert street.rows() == before and street.one_of(Case).state == "dispatched"
    assert hs1.say("report", body)["status"] == "kept"


# -- duty, tasks, positions --------------------------------------------------------------------------------


def test_clocking_on_and_off(street: Street, hs1: Handset) -> None:
    began = datetime.now(UTC) - minutes(30)
    assert hs1.say("clock", hs1.body(type="clock", on=True, made=began.isoformat()))["status"] == "kept"
    assert hs1.say("clock", hs1.body(type="clock", on=True))["status"] == "kept"  # still on
    assert street.one_of(Duty).started_at == began
    hs1.say("clock", hs1.body(type="clock", on=False))
    hs1.say("clock", hs1.body(type="clock", on=False))
    duty = street.one_of(Duty)
    assert duty.ended_at is not None and duty.ended_at > began
    assert street.facts() == ["DutyStarted", "DutyEnded"]


def test_a_clock_that_runs_ahead_counts_as_now(street: Street, hs1: Handset) -> None:
    hs1.say("clock", hs1.body(type="clock", on=True, made=(datetime.now(UTC) + minutes(90)).isoformat()))
    assert street.one_of(Duty).started_at <= datetime.now(UTC)


def test_a_worker_is_on_duty_with_one_device(street: Street, hs1: Handset, tmp_path: Path) -> None:
    from schema.desk.duty import devices_on_duty
    from schema.desk.handsets import enrol

    with street.store.work() as work:
        enrol(work, device="hs9", worker=street.one.id, secret="x" * 16)
    hs9 = Handset(street.store, tmp_path / "vault", "hs9")
    hs1.say("clock", hs1.body(type="clock", on=True))
    hs9.say("clock", hs9.body(type="clock", on=True))
    with street.store.read() as session:
        assert devices_on_duty(session, street.one.id) == [(street.one.id, "hs9")]
    assert street.facts() == ["DutyStarted", "DutyEnded", "DutyStarted"]


def test_a_task_is_shown_once(street: Street, hs1: Handset) -> None:
    task = street.dispatch()
    for _ in range(2):
        assert hs1.say("task", hs1.body(type="task", task=task.id, what="shown"))["status"] == "kept"
    row = street.one_of(Task)
    assert row.state == "shown" and row.shown_at is not None
    assert street.facts() == ["TaskShown"]


def test_a_task_is_not_shown_before_it_was_made_nor_after_now(street: Street, hs1: Handset) -> None:
    for no, made in (("S1", datetime.now(UTC) - minutes(99)), ("S2", datetime.now(UTC) + minutes(99))):
        task = street.dispatch(no=no)
        hs1.say("task", hs1.body(type="task", task=task.id, what="shown", made=made.isoformat()))
        row = street.one_of(Task, Task.id == task.id)
        assert task.made_at <= row.shown_at <= datetime.now(UTC)


def test_positions_are_kept_on_duty_only(street: Street, hs1: Handset) -> None:
    now = datetime.now(UTC)
    hs1.say("clock", hs1.body(type="clock", on=True, made=(now - minutes(60)).isoformat()))
    hs1.say("clock", hs1.body(type="clock", on=False, made=(now - minutes(30)).isoformat()))
    body = hs1.positions(
        (now - minutes(70), LON, LAT), (now - minutes(45), LON, LAT), (now - minutes(5), LON, LAT)
    )
    receipt = hs1.say("position", body)
    assert (receipt["status"], receipt["code"]) == ("kept", "off-duty") and "2 of 3" in receipt["reason"]
    assert street.one_of(Position).fixed_at == now - minutes(45)
    assert street.one_of(Refusal).count == 2
    assert hs1.say("position", body)["status"] == "again"
    assert street.one_of(Refusal).count == 2


def test_a_batch_made_off_duty_is_refused_and_counted_once(street: Street, hs1: Handset) -> None:
    body = hs1.positions((datetime.now(UTC), LON, LAT))
    for _ in range(2):
        receipt = hs1.say("position", body)
        assert (receipt["status"], receipt["code"]) == ("refused", "off-duty")
    assert street.rows()["positions"] == 0 and street.one_of(Refusal).count == 1


def test_doubtful_positions_are_kept_with_a_flag_and_doubles_once(street: Street, hs1: Handset) -> None:
    now = datetime.now(UTC)
    hs1.say("clock", hs1.body(type="clock", on=True, made=(now - minutes(60)).isoformat()))
    points = ((now - minutes(3), LON, LAT), (now - minutes(2), LON + 1, LAT), (now - minutes(1), LON, LAT))
    assert hs1.say("position", hs1.positions(*points, points[0]))["status"] == "kept"
    assert hs1.say("position", hs1.positions(*points))["status"] == "kept"
    with street.store.read() as session:
        assert [p.flag for p in session.query(Position).order_by(Position.fixed_at)] == ["", "jump", ""]
