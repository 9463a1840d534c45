"""Downs: what is open for a device, as the store says: tasks, tasks taken back, messages. A state, not a queue."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from field_gateway.answers import Down, MessageDown, TaskDown, TaskRecalled, encode
from schema.cases import Case, Task
from schema.desk.duty import devices_on_duty
from schema.desk.fieldlogins import worker_now
from schema.desk.fieldmessages import messages_for, waiting_for_words
from schema.desk.handsets import may_come_in
from schema.desk.tasksdown import (
    open_tasks_of,
    recalled_tasks,
    tasks_to_show,
    workers_with_recalled,
    workers_with_tasks,
)
from schema.fieldmessages import FieldMessage
from schema.handsets import Duty, Handset
from schema.people import User


@dataclass(frozen=True, slots=True)
class Open:
    """What a device should have: its worker's open tasks (on duty only), which it should not any more, and messages."""

    tasks: tuple[TaskDown, ...] = ()
    recalled: tuple[UUID, ...] = ()
    messages: tuple[MessageDown, ...] = ()

    @property
    def etag(self) -> str:
        """What changes when anything does."""
        return hashlib.sha256(msgspec.json.encode([self.tasks, self.recalled, self.messages])).hexdigest()[
            :32
        ]


def open_items(session: Session, device: str, now: datetime | None = None, *, unseen: bool = False) -> Open:
    """What is open for a device at `now` (None: this moment); `unseen`: of the tasks those that were not shown yet."""
    now = now or datetime.now(UTC)
    handset = session.get(Handset, device)
    if handset is None or not may_come_in(session.get(User, handset.worker)):
        return Open()
    on_duty = workers_on_duty(session, device)
    tasks: list[TaskDown] = []
    recalled: list[UUID] = []
    for worker in on_duty:
        found = tasks_to_show(session, worker) if unseen else open_tasks_of(session, worker)
        tasks += [as_message(task, case) for task, case in found]
    whose = holders(session, handset, on_duty, now)
    for worker in whose:
        recalled += recalled_tasks(session, worker, now)
    messages = messages_for(session, device, whose, now)
    return Open(tuple(tasks), tuple(recalled), tuple(as_words(one, name) for one, name in messages))


def workers_on_duty(session: Session, device: str) -> list[UUID]:
    """Who is on duty with a device; one, as a rule."""
    query = (
        select(Duty.worker)
        .join(Handset, Handset.device == Duty.device)
        .where(Duty.device == device, Duty.ended_at.is_(None), Handset.blocked.is_(False))
    )
    return list(dict.fromkeys(session.scalars(query)))


def workers_of(session: Session, device: str) -> list[UUID]:
    """Whose messages a device gets; nobody's when there is no such device."""
    handset = session.get(Handset, device)
    if handset is None:
        return []
    return holders(session, handset, workers_on_duty(session, device), datetime.now(UTC))


def holders(session: Session, handset: Handset, on_duty: Sequence[UUID], now: datetime) -> list[UUID]:
    """Whose messages a device gets: those on duty with it, or else who holds it."""
    return list(on_duty) or [worker_now(session, handset, now)]


def devices_of(session: Session, worker: UUID) -> list[str]:
    """The devices that get a worker's messages: the one they are on duty with, or else those that are theirs."""
    on_duty = [device for _, device in devices_on_duty(session, worker)]
    if on_duty:
        return on_duty
    query = select(Handset.device).where(Handset.worker == worker, Handset.blocked.is_(False))
    return list(session.scalars(query.order_by(Handset.device)))


def devices_waiting(session: Session, now: datetime) -> set[str]:
    """The devices that something is to be sent to."""
    on_duty: dict[UUID, list[str]] = {}
    for worker, device in devices_on_duty(session):
        on_duty.setdefault(worker, []).append(device)
    theirs: dict[UUID, list[str]] = {}
    for row in session.execute(select(Handset.worker, Handset.device).where(Handset.blocked.is_(False))):
        theirs.setdefault(row.worker, []).append(row.device)
    with_tasks, with_recalled = workers_with_tasks(session), workers_with_recalled(session, now)
    with_words, devices = waiting_for_words(session, now)
    found = {device for worker in with_tasks for device in on_duty.get(worker, ())}
    for worker in with_recalled | with_words:
        found |= set(on_duty.get(worker) or theirs.get(worker) or ())
    return found | (devices & {device for some in theirs.values() for device in some})


def bodies(found: Open) -> dict[UUID, tuple[str, bytes]]:
    """Each open thing as it is sent: the topic below down/ and the body, by the id it is answered with."""
    made: dict[UUID, tuple[str, Down]] = {}
    made |= {one.task: ("task", one) for one in found.tasks}
    made |= {one: ("task", TaskRecalled(one)) for one in found.recalled}
    made |= {one.id: ("message", one) for one in found.messages}
    return {id: (topic, encode(one)) for id, (topic, one) in made.items()}


def as_message(task: Task, case: Case) -> TaskDown:
    """A task as the handset gets it."""
    expires = task.answer_by or case.due_at
    return TaskDown(
        task=task.id,
        case=case.id,
        case_no=case.case_no,
        contact=task.contact,
        kind=task.kind,
        title=case.title,
        text=case.text,
        address=case.address,
        cell=case.cell,
        note=task.note,
        made=task.made_at.astimezone(UTC),
        lon=case.lon if case.lon is not None else msgspec.UNSET,
        lat=case.lat if case.lat is not None else msgspec.UNSET,
        expires=expires if expires is not None else msgspec.UNSET,
    )


def as_words(message: FieldMessage, name: str) -> MessageDown:
    """A message as the handset gets it."""
    return MessageDown(
        id=message.id,
        type=message.kind,  # type: ignore[arg-type]  # the desk writes no other
        from_=name,
        at=message.at.astimezone(UTC),
        title=message.title,
        text=message.text,
        expires=message.expires_at.astimezone(UTC) if message.expires_at is not None else msgspec.UNSET,
    )
