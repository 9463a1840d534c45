"""Reports and tasks, as the case desk and the time line see them."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.cases import Case, Task
from schema.desk.cases import send_back_case
from schema.desk.errors import Refused
from schema.desk.field import (
    Kept,
    NewMedia,
    NewReport,
    row_hash,
    take_report,
)
from schema.desk.handsets import enrol
from schema.desk.tasksdown import task_sent, task_shown, tasks_to_show
from schema.handsets import Handset, Media, Report
from schema.ids import CaseId, uuid7
from schema.orders import SendBackCase
from schema.outbox import OutboxRow
from tests.schema.desk.casework import CELL, Office


@pytest.fixture
def handset(desk: Office) -> Handset:
    with desk.store.work() as work:
        return enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")


def report(**changes: object) -> NewReport:
    plain = {"id": uuid7(), "kind": "report", "text": "灯泡已换", "made": datetime.now(UTC)}
    return NewReport(**{**plain, **changes})  # type: ignore[arg-type]


def take(desk: Office, handset: Handset, new: NewReport) -> Kept:
    with desk.store.work() as work:
        return take_report(work, handset, new)


def task_of(desk: Office, case: Case) -> Task:
    with desk.store.read() as session:
        return session.scalars(select(Task).where(Task.case == case.id).order_by(Task.made_at.desc())).first()  # type: ignore[return-value]


def names(desk: Office) -> list[str]:
    with desk.store.read() as session:
        return list(session.scalars(select(OutboxRow.name).order_by(OutboxRow.id)))


def test_a_report_to_a_task_handles_a_case_filed_at_the_desk(desk: Office, handset: Handset) -> None:
    case = desk.case("dispatched")
    photo = NewMedia(uuid7(), "image/jpeg", 10, "a" * 64)
    new = report(task=task_of(desk, case).id, lon=120.155, lat=30.265, media=[photo])
    kept = take(desk, handset, new)
    assert (kept.case_no, kept.left) == (case.case_no, "")
    assert desk.look(case.id).state == "handled" and task_of(desk, case).state == "done"
    with desk.store.read() as session:
        row, media = session.get_one(Report, new.id), session.get_one(Media, photo.id)
        assert (row.contact, row.cell, media.state, media.case, media.contact) == (
            case.contact, CELL, "due", case.id, case.contact,
        )  # fmt: skip
        assert kept.row_hash == row_hash(row, new.media)
    assert names(desk)[-2:] == ["ReportReceived", "CaseHandled"]


def test_a_point_outside_every_cell_has_none(desk: Office, handset: Handset) -> None:
    new = report(lon=0.5, lat=0.5)
    take(desk, handset, new)
    with desk.store.read() as session:
        assert session.get_one(Report, new.id).cell == ""


def test_a_second_report_to_the_same_task_is_kept_and_moves_nothing(desk: Office, handset: Handset) -> None:
    case = desk.case("dispatched")
    task = task_of(desk, case).id
    take(desk, handset, report(task=task))
    again = take(desk, handset, report(task=task, text="还有一张"))
    assert again.case_no == case.case_no and again.left
    assert desk.look(case.id).state == "handled"
    with desk.store.read() as session:
        assert session.query(Report).count() == 2


def test_a_task_is_sent_then_shown_each_told_once(desk: Office, handset: Handset) -> None:
    case = desk.case("dispatched")
    task = task_of(desk, case)
    with desk.store.read() as session:
        assert [(t.id, c.case_no) for t, c in tasks_to_show(session, desk.worker)] == [
            (task.id, case.case_no)
        ]
        assert tasks_to_show(session, desk.worker2) == []
    for _ in range(2):
        with desk.store.work() as work:
            task_sent(work, task.id, "hs-1")
    with desk.store.read() as session:
        assert len(tasks_to_show(session, desk.worker)) == 1  # sent is not shown
    for _ in range(2):
        with desk.store.work() as work:
            task_shown(work, handset, task.id, work.now)
    row = task_of(desk, case)
    assert row.state == "shown" and row.sent_at is not None and row.shown_at is not None
    assert row.made_at <= row.sent_at <= row.shown_at
    with desk.store.read() as session:
        assert tasks_to_show(session, desk.worker) == []
    assert names(desk)[-2:] == ["TaskSent", "TaskShown"]


def test_a_task_that_is_over_stays_over_when_its_showing_is_told_late(desk: Office, handset: Handset) -> None:
    case = desk.case("dispatched")
    task = task_of(desk, case)
    take(desk, handset, report(task=task.id))
    with desk.store.work() as work:
        task_shown(work, handset, task.id, task.made_at)
        task_sent(work, task.id, "hs-1")
    row = task_of(desk, case)
    assert row.state == "done" and row.sent_at == row.shown_at == task.made_at


def test_nobody_is_told_of_a_task_that_is_not_there(desk: Office, handset: Handset) -> None:
    with desk.store.work() as work:
        task_sent(work, uuid7(), "hs-1")
    for task, code in ((uuid7(), "unknown-task"), (_task_of_another(desk), "not-yours")):
        with pytest.raises(Refused) as caught, desk.store.work() as work:
            task_shown(work, handset, task, work.now)
        assert caught.value.code == code


def _task_of_another(desk: Office) -> UUID:
    from schema.desk.cases import dispatch_case
    from schema.orders import DispatchCase

    case = desk.case("filed")
    with desk.store.work() as work:
        return dispatch_case(work, DispatchCase(by=desk.agent, case=CaseId(case.id), worker=desk.worker2)).id


def test_a_recalled_task_no_longer_goes_down(desk: Office, handset: Handset) -> None:
    case = desk.case("dispatched")
    task = task_of(desk, case)
    with desk.store.work() as work:
        send_back_case(work, SendBackCase(by=desk.agent, case=CaseId(case.id), reason="派错了"))
    with desk.store.read() as session:
        assert tasks_to_show(session, desk.worker) == []
    kept = take(desk, handset, report(task=task.id))
    assert kept.left and desk.look(case.id).state != "handled"


def test_the_fingerprint_covers_every_column(desk: Office, handset: Handset) -> None:
    made = datetime.now(timezone(timedelta(hours=8)))
    new = report(media=[NewMedia(uuid7(), "image/jpeg", 10, "a" * 64)], made=made)
    kept = take(desk, handset, new)
    with desk.store.read() as session:
        row = session.get_one(Report, new.id)
        before = row_hash(row, new.media)
        assert before == kept.row_hash, "whatever zone the handset told its time in"
        assert before != row_hash(row, [])
        row.text = "anders"
        assert before != row_hash(row, new.media)
