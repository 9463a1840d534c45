"""Tasks: who may get one, and how the open ones of a case end."""

import pytest

from schema.cases import Case, Task
from schema.desk.errors import Refused
from schema.desk.tasks import (
    OPEN,
    field_worker,
    finish_task,
    last_worker,
    make_task,
    open_tasks,
    recall_tasks,
)
from schema.ids import uuid7
from tests.schema.desk.casework import Office


def test_only_a_grid_worker_gets_a_task(desk: Office) -> None:
    with desk.store.work() as work:
        assert field_worker(work, desk.worker).id == desk.worker
        for nobody in (desk.agent, uuid7()):
            with pytest.raises(Refused) as refused:
                field_worker(work, nobody)
            assert refused.value.field == "worker"


@pytest.mark.parametrize("state", OPEN)
def test_an_open_task_is_finished_and_the_others_are_recalled(desk: Office, state: str) -> None:
    case_id = desk.case("dispatched").id
    with desk.store.work() as work:
        case = work.session.get_one(Case, case_id)
        second = make_task(work, case, desk.worker2)
        second.state = state
        done = finish_task(work, case, second.id)
        assert done is second and done.done_at == work.now
    assert [(task.worker, task.state) for task in desk.tasks(case_id)] == [
        (desk.worker, "recalled"), (desk.worker2, "done"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["done", "recalled"])
def test_a_task_that_has_ended_is_neither_finished_nor_recalled(desk: Office, state: str) -> None:
    case_id = desk.case("dispatched").id
    with desk.store.work() as work:
        task = open_tasks(work, work.session.get_one(Case, case_id))[0]
        task.state = state
    with desk.store.work() as work:
        case = work.session.get_one(Case, case_id)
        with pytest.raises(Refused, match="not open"):
            finish_task(work, case, task.id)
        recall_tasks(work, case)
    assert [task.state for task in desk.tasks(case_id)] == [state]


def test_the_last_worker_is_the_one_of_the_latest_task(desk: Office) -> None:
    filed, sent = desk.case().id, desk.case("dispatched").id
    with desk.store.work() as work:
        assert last_worker(work, work.session.get_one(Case, sent)) == desk.worker
        with pytest.raises(Refused, match="never with a grid worker"):
            last_worker(work, work.session.get_one(Case, filed))


def test_what_another_commits_is_seen_when_the_tasks_are_locked(desk: Office) -> None:
    case_id = desk.case("dispatched").id
    with desk.store.read() as session:
        stale = session.query(Task).one()
    with desk.store.work() as work:
        work.session.get_one(Task, stale.id).state = "shown"
    with desk.store.work() as work:
        work.session.merge(stale, load=False)
        assert [task.state for task in open_tasks(work, work.session.get_one(Case, case_id))] == ["shown"]
