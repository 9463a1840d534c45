"""The field desk: reports, and tasks on their way to handsets, as rows with their facts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, Task
from schema.desk.cases import handle_case
from schema.desk.errors import Refused
from schema.desk.moves import locked_case
from schema.desk.places import cell_at
from schema.desk.scope import about
from schema.desk.tasks import finish_task
from schema.facts import ReportReceived, TaskSent, TaskShown
from schema.handsets import Handset, Media, Report
from schema.ids import CaseId, ContactId, TaskId
from schema.orders import HandleCase
from schema.store import UnitOfWork

OPEN_TASKS = ("made", "sent")
"""States in which a task still has to be shown to its worker."""


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A photo a report announces: `size` in bytes, `sha256` in hex."""

    id: UUID
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it came; degrees are WGS-84, metres, or None. `flag` "" or what is doubtful."""

    id: UUID
    kind: str
    text: str
    made: datetime
    task: UUID | None = None
    case: UUID | None = None
    contact: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    flag: str = ""
    media: Sequence[NewMedia] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept report: the number of the case it belongs to ("" none), the hash of what is stored, and, when its
    task could not be moved on by it, why ("" when it could)."""

    case_no: str
    row_hash: str
    left: str = ""


def take_report(work: UnitOfWork, handset: Handset, new: NewReport) -> Kept:
    """Keep a report and what it announces; if it answers a task, the case is handled in the same commit.

    Raises Refused: unknown-task, unknown-case, not-yours, id-taken.
    """
    session = work.session
    task, case = _belongs_to(session, handset, new)
    contact = task.contact if task else case.contact if case else new.contact or new.id
    if session.get(Report, new.id) is not None:
        raise Refused("id-taken", f"another report has the id {new.id}", "id")
    for one in new.media:
        if session.get(Media, one.id) is not None:
            raise Refused("id-taken", f"another photo has the id {one.id}", "media")
    cell = cell_at(session, new.lon, new.lat) if new.lon is not None and new.lat is not None else None
    report = Report(
        id=new.id,
        device=handset.device,
        worker=handset.worker,
        task=task.id if task else None,
        case=case.id if case else None,
        contact=contact,
        kind=new.kind,
        text=new.text,
        lon=new.lon,
        lat=new.lat,
        accuracy=new.accuracy,
        cell=cell.code if cell else "",
        flag=new.flag,
        made_at=new.made,
        at=work.now,
    )
    session.add(report)
    session.flush()
    for one in new.media:
        session.add(
            Media(
                id=one.id,
                report=new.id,
                device=handset.device,
                contact=contact,
                case=report.case,
                type=one.type,
                size=one.size,
                sha256=one.sha256,
                state="due",
            )
        )
    work.emit(
        ReportReceived(
            at=work.now,
            contact=ContactId(contact),
            report=new.id,
            device=handset.device,
            worker=handset.worker,
            task=TaskId(task.id) if task else None,
            case=CaseId(case.id) if case else None,
            made=new.made,
            photos=len(new.media),
            **about(case),
        )
    )
    left = _answer_task(work, handset, new, task) if task else ""
    return Kept(case.case_no if case else "", row_hash(report, new.media), left)


def row_hash(report: Report, media: Sequence[NewMedia | Media]) -> str:
    """A fingerprint of what is stored for a report: SHA-256 over its columns in a fixed order, hex.

    The same of the row as it was written and as the database gives it back; `media` in the order of the message.
    """
    columns = (
        report.id, report.device, report.worker, report.task, report.case, report.contact, report.kind,
        report.text, report.lon, report.lat, report.accuracy, report.made_at.astimezone(UTC),
        report.at.astimezone(UTC),
        *((one.id, one.type, one.size, one.sha256) for one in media),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(columns, default=str, ensure_ascii=False).encode()).hexdigest()


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


def task_shown(work: UnitOfWork, handset: Handset, task_id: UUID, made: datetime) -> None:
    """The worker saw the task at `made` (by the handset's clock). Raises Refused: unknown-task, not-yours."""
    task = _own(handset, task_id, _locked(work.session, task_id))
    if task.shown_at is not None:
        return
    # A handset whose clock is off cannot have shown a task before it was made, nor later than now.
    task.shown_at = min(max(made, task.sent_at or task.made_at), work.now)
    if task.state in OPEN_TASKS:
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
        .where(Task.worker == worker, Task.state.in_(OPEN_TASKS), Task.shown_at.is_(None))
        .order_by(Task.made_at, Task.id)
    )
    return [(row.Task, row.Case) for row in session.execute(query)]


def _belongs_to(session: Session, handset: Handset, new: NewReport) -> tuple[Task | None, Case | None]:
    if new.task is not None:
        # Not locked: the case desk locks the case first, then its tasks, and so must this.
        task = _own(handset, new.task, session.get(Task, new.task))
        return task, session.get_one(Case, task.case)
    if new.case is None:
        return None, None
    case = session.get(Case, new.case)
    if case is None:
        raise Refused("unknown-case", f"there is no case {new.case}", "case")
    mine = select(Task.id).where(Task.case == case.id, Task.worker == handset.worker).limit(1)
    if session.scalar(mine) is None:
        raise Refused("not-yours", f"the case {case.case_no} was never dispatched to this worker", "case")
    return None, case


def _locked(session: Session, task_id: UUID) -> Task | None:
    # Whoever else wants to change the task (a dispatcher who recalls it) waits for our commit.
    return session.get(Task, task_id, with_for_update={"key_share": True}, populate_existing=True)


def _own(handset: Handset, task_id: UUID, task: Task | None) -> Task:
    if task is None:
        raise Refused("unknown-task", f"there is no task {task_id}", "task")
    if task.worker != handset.worker:
        raise Refused("not-yours", f"the task {task_id} is another worker's", "task")
    return task


def _answer_task(work: UnitOfWork, handset: Handset, new: NewReport, task: Task) -> str:
    try:
        if task.kind == "verify":
            # The report tells what is there; whether that is what the citizen said is for the desk to say.
            finish_task(work, locked_case(work, task.case), task.id)
            return ""
        handle_case(
            work,
            HandleCase(
                order=new.id,
                by=handset.worker,
                contact=ContactId(task.contact),
                case=CaseId(task.case),
                text=new.text,
                task=TaskId(task.id),
                report=new.id,
            ),
        )
    except Refused as refused:
        # The task was recalled, or answered before, while the worker was offline: what was seen is kept all the same.
        return refused.text
    return ""
