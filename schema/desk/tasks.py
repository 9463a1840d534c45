"""The tasks desk: what grid workers are asked to do for cases. Only the case desk makes and ends tasks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from schema.cases import Case, Task
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.people import User
from schema.store import UnitOfWork

OPEN = ("made", "sent", "shown")
"""States of a task that its worker may still answer."""


def field_worker(work: UnitOfWork, worker: UUID | None) -> User:
    """The active grid worker with this id. Raises Refused("bad-field")."""
    user = work.session.get(User, worker) if worker is not None else None
    if user is None or not user.active or user.post != "worker":
        raise Refused("bad-field", "a task goes to an active grid worker", "worker")
    return user


def make_task(
    work: UnitOfWork,
    case: Case,
    worker: UUID,
    note: str = "",
    kind: str = "handle",
    answer_by: datetime | None = None,
) -> Task:
    """Make the case's open task, for a worker. Who checks the case is not who has it."""
    task = Task(
        id=uuid7(),
        case=case.id,
        contact=case.contact,
        worker=worker,
        kind=kind,
        note=note,
        answer_by=answer_by,
        state="made",
        made_at=work.now,
    )
    work.session.add(task)
    if kind != "check":
        case.worker = worker
    return task


def hand_back(work: UnitOfWork, case: Case, note: str = "") -> Task | None:
    """Let whoever had the case have it again: its worker with a new task, or its department (None)."""
    if case.worker is None and case.department is not None:
        return None
    return make_task(work, case, last_worker(work, case), note)


def open_tasks(work: UnitOfWork, case: Case) -> list[Task]:
    """The case's open tasks as they are now; whoever else wants to change them waits for our commit."""
    query = (
        select(Task)
        .where(Task.case == case.id, Task.state.in_(OPEN))
        .order_by(Task.made_at, Task.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(query))


def last_worker(work: UnitOfWork, case: Case) -> UUID:
    """Who was last given the case to handle. Raises Refused("wrong-state") when nobody was."""
    worker = work.session.scalar(
        select(Task.worker)
        .where(Task.case == case.id, Task.kind == "handle")
        .order_by(Task.made_at.desc(), Task.id.desc())
        .limit(1)
    )
    if worker is None:
        raise Refused("wrong-state", f"{case.case_no} was never with a grid worker")
    return worker


def is_own_task(
    work: UnitOfWork, case: Case, task: UUID | None, user: UUID | None, kind: str = "handle"
) -> bool:
    """Whether it is an open task of the case, of that kind, and this person's."""
    if task is None:
        return False
    return any(one.id == task and one.worker == user and one.kind == kind for one in open_tasks(work, case))


def recall_tasks(work: UnitOfWork, case: Case) -> None:
    """Take the case's open tasks back."""
    for task in open_tasks(work, case):
        _recall(work, task)


def finish_task(work: UnitOfWork, case: Case, answered: UUID | None) -> Task | None:
    """The task `answered` is done, any other open one recalled. Raises Refused("wrong-state") if it is not open."""
    tasks = open_tasks(work, case)
    done = next((task for task in tasks if task.id == answered), None)
    if answered is not None and done is None:
        raise Refused("wrong-state", f"the task {answered} is not open for {case.case_no}")
    for task in tasks:
        if task is done:
            task.state, task.done_at = "done", work.now
        else:
            _recall(work, task)
    return done


def _recall(work: UnitOfWork, task: Task) -> None:
    task.state, task.recalled_at = "recalled", work.now
