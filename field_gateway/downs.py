"""What is open for a handset, as a state: what it asks for over HTTP, where nothing is pushed."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from field_gateway.pushes import as_message
from field_gateway.wire import TaskDown
from schema.cases import Case, Task
from schema.desk.field import OPEN_TASKS
from schema.handsets import Handset


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Tasks as on down/task, ids of those recalled, messages as on down/message."""

    tasks: list[TaskDown] = field(default_factory=list)
    recalled: list[UUID] = field(default_factory=list)
    messages: list[object] = field(default_factory=list)


def open_items(session: Session, device: str) -> OpenItems:
    """What the worker of a device has to do."""
    handset = session.get_one(Handset, device)
    query = (
        select(Task, Case)
        .join(Case, Case.id == Task.case)
        .where(Task.worker == handset.worker, Task.state.in_((*OPEN_TASKS, "shown")))
        .order_by(Task.made_at, Task.id)
    )
    return OpenItems([as_message(task, case) for task, case in session.execute(query)])
