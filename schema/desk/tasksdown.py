"""Tasks on their way to handsets: sent, shown, taken away again."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from schema.cases import Case, Task
from schema.desk.errors import Refused
from schema.desk.handsets import Speaker
from schema.desk.scope import about
from schema.desk.tasks import OPEN
from schema.facts import TaskSent, TaskShown
from schema.handsets import Handset
from schema.ids import CaseId, ContactId, TaskId
from schema.store import UnitOfWork

TO_SHOW = ("made", "sent")
"""States in which a task still has to be shown to its worker."""
REMEMBERED = timedelta(days=14)
"""How long a handset that is away is still told that a task was taken back."""


def task_sent(work: UnitOfWork, task_id: UUID, device: str) -> None:
    """The broker took the task for a device; told once."""
    task = _locked(work.session, task_id)
    if task is None or task.sent_at is not None:
        return
    # The broker's word may be heard after the handset's own: a task is not shown before it was sent.
    task.sent_at = min(task.shown_at or work.now, work.now)
    if task.state == "made":
        task.state = "sent"
    work.emit(
        TaskSent(
            at=task.sent_at,
            contact=ContactId(task.contact),
            task=TaskId(task.id),
            case=CaseId(task.case),
            device=device,
            **about(work.session.get(Case, task.case)),
        )
    )


def task_gone(work: UnitOfWork, handset: Handset | Speaker, task_id: UUID) -> None:
    """The handset took a recalled task away. Raises Refused: unknown-task, not-yours, wrong-state."""
    task = own_task(handset, task_id, _locked(work.session, task_id))
    if task.state in OPEN:
        raise Refused("wrong-state", f"the task {task_id} is still to be done", "task")
    task.gone_at = task.gone_at or work.now


def task_shown(work: UnitOfWork, handset: Handset | Speaker, task_id: UUID, made: datetime) -> None:
    """The worker saw the task at `made` (by the handset's clock). Raises Refused: unknown-task, not-yours."""
    task = own_task(handset, task_id, _locked(work.session, task_id))
    if task.shown_at is not None:
        return
    # A handset whose clock is off cannot have shown a task before it was made, nor later than now.
    task.shown_at = min(max(made, task.sent_at or task.made_at), work.now)
    if task.state in TO_SHOW:
        task.state = "shown"
    work.emit(
        TaskShown(
            at=task.shown_at,
            contact=ContactId(task.contact),
            task=TaskId(task.id),
            case=CaseId(task.case),
            device=handset.device,
            **about(work.session.get(Case, task.case)),
        )
    )


def tasks_to_show(session: Session, worker: UUID) -> list[tuple[Task, Case]]:
    """The worker's tasks that were not shown yet, oldest first, each with its case."""
    query = (
        select(Task, Case)
        .join(Case, Case.id == Task.case)
        .where(Task.worker == worker, Task.state.in_(TO_SHOW), Task.shown_at.is_(None))
        .order_by(Task.made_at, Task.id)
    )
    return [(row.Task, row.Case) for row in session.execute(query)]


def open_tasks_of(session: Session, worker: UUID) -> list[tuple[Task, Case]]:
    """The worker's tasks that are to be done, oldest first, each with its case."""
    query = (
        select(Task, Case)
        .join(Case, Case.id == Task.case)
        .where(Task.worker == worker, Task.state.in_(OPEN))
        .order_by(Task.made_at, Task.id)
    )
    return [(row.Task, row.Case) for row in session.execute(query)]


def workers_with_tasks(session: Session) -> set[UUID]:
    """Whose tasks were not all shown yet."""
    query = select(Task.worker).where(Task.state.in_(TO_SHOW), Task.shown_at.is_(None))
    return set(session.scalars(query.distinct()))


def recalled_tasks(session: Session, worker: UUID, now: datetime) -> list[UUID]:
    """Tasks that went down to the worker, were taken back since, and may be on a handset still; oldest first."""
    query = select(Task.id).where(Task.worker == worker, *_still_there(now))
    return list(session.scalars(query.order_by(Task.recalled_at, Task.id)))


def workers_with_recalled(session: Session, now: datetime) -> set[UUID]:
    """Whose handsets may still have tasks that were taken back."""
    return set(session.scalars(select(Task.worker).where(*_still_there(now)).distinct()))


def _still_there(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Task.state == "recalled",
        Task.recalled_at > now - REMEMBERED,
        Task.gone_at.is_(None),
        or_(Task.sent_at.is_not(None), Task.shown_at.is_not(None)),
    )


def _locked(session: Session, task_id: UUID) -> Task | None:
    # Whoever else wants to change the task (a dispatcher who recalls it) waits for our commit.
    return session.get(Task, task_id, with_for_update={"key_share": True}, populate_existing=True)


def own_task(handset: Handset | Speaker, task_id: UUID, task: Task | None) -> Task:
    """The task, if there is one and it is this worker's. Raises Refused: unknown-task, not-yours."""
    if task is None:
        raise Refused("unknown-task", f"there is no task {task_id}", "task")
    if task.worker != handset.worker:
        raise Refused("not-yours", f"the task {task_id} is another worker's", "task")
    return task
