"""The field desk: reports from handsets as rows with their facts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, Task
from schema.desk.cases import check_case, handle_case
from schema.desk.checking import note_late
from schema.desk.errors import Refused
from schema.desk.handsets import Speaker
from schema.desk.moves import locked_case
from schema.desk.places import cell_at
from schema.desk.reporting import new_case
from schema.desk.reportlookup import LookedUp, look_up
from schema.desk.scope import about
from schema.desk.tasks import OPEN, finish_task
from schema.desk.tasksdown import own_task
from schema.facts import ReportReceived
from schema.fieldmessages import ReportVersion
from schema.handsets import Handset, Media, Report
from schema.ids import CaseId, ContactId, TaskId
from schema.orders import CheckCase, HandleCase
from schema.rows import RowSession
from schema.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A photo or voice note a report announces: `size` in bytes, `sha256` in hex; a thumb is `of` a photo."""

    id: UUID
    type: str
    size: int
    sha256: str
    kind: str = "photo"
    of: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it came; degrees are WGS-84, metres, or None. `made`, `told` and `flag` as `Report` has them.

    `edits`: it is a version of that report, made from version `base`. `passed`: what was handled is done well, or not;
    of a task to check it (None: not said).
    """

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
    told: datetime | None = None
    flag: str = ""
    title: str = ""
    category: str = ""
    edits: UUID | None = None
    base: int = 0
    media: Sequence[NewMedia] = ()
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept report: the number of the case it belongs to ("" none), the hash of what is stored, and what could not
    be done by it, in words: its task not moved on, no case filed ("" nothing); `code` for programs, where there is one:
    late, unsaid (a task to check, and not a word whether it passed)."""

    case_no: str
    row_hash: str
    left: str = ""
    code: str = ""


def take_report(
    work: UnitOfWork, handset: Handset | Speaker, new: NewReport, known: LookedUp | None = None
) -> Kept:
    """Keep a report and what it announces; if it answers a task, the case is handled, or checked, in the same commit.

    With neither a task nor a case it files a new one, in the same commit. `known`: what was looked up for it already.
    Raises Refused: unknown-task, unknown-case, not-yours, id-taken.
    """
    session = work.session
    known = known or look_up(session, [(handset.worker, new)])
    task, case = _belongs_to(session, handset, new, known)
    contact = task.contact if task else case.contact if case else new.contact or new.id
    refuse_taken(session, new, known)
    left = ""
    if case is None:
        case, left = new_case(
            work, report=new.id, worker=handset.worker, contact=contact, title=new.title, text=new.text,
            category=new.category, lon=new.lon, lat=new.lat,
        )  # fmt: skip
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
        version=1,
        made_at=new.made,
        told_at=new.told,
        at=work.now,
    )
    session.plant(report)
    announce(session, handset.device, report, new.media)
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
    code = ""
    if task is not None:
        left, code = _answer_task(work, handset, new, task)
    return Kept(case.case_no if case else "", row_hash(report, new.media), left, code)


def refuse_taken(session: Session, new: NewReport, known: LookedUp) -> None:
    """Refuse ids that somebody else's report, edit or photo has. Raises Refused("id-taken")."""
    if new.id in known.taken:
        raise Refused("id-taken", f"another report has the id {new.id}", "id")
    ids = [one.id for one in new.media]
    taken = session.scalar(select(Media.id).where(Media.id.in_(ids)).limit(1)) if ids else None
    if taken is not None:
        raise Refused("id-taken", f"another photo has the id {taken}", "media")


def announce(
    session: RowSession, device: str, report: Report, media: Sequence[NewMedia], edit: UUID | None = None
) -> None:
    """Write down what will follow a report (or an edit of it) in chunks."""
    for one in media:
        session.write(
            Media,
            id=one.id,
            report=report.id,
            device=device,
            contact=report.contact,
            case=report.case,
            type=one.type,
            kind=one.kind,
            of=one.of,
            edit=edit,
            size=one.size,
            sha256=one.sha256,
            state="due",
        )


def row_hash(report: Report | ReportVersion, media: Sequence[NewMedia | Media]) -> str:
    """A fingerprint of what is stored for a report or an edit: SHA-256 over its columns in a fixed order, hex.

    `media` is what it announced, by the ids; what may still change (`state` of an edit, how far a photo is) is not
    in it.
    """
    if isinstance(report, Report):
        own: tuple[object, ...] = (report.task, report.case, report.contact, report.kind)
    else:
        own = (report.report, report.base)
    columns = (
        report.id, report.device, report.worker, *own, report.text, report.lon, report.lat, report.accuracy,
        report.flag, report.made_at.astimezone(UTC), report.told_at and report.told_at.astimezone(UTC),
        report.at.astimezone(UTC),
        *((one.id, one.type, one.kind, one.size, one.sha256) for one in sorted(media, key=lambda one: one.id)),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(columns, default=str, ensure_ascii=False).encode()).hexdigest()


def _belongs_to(
    session: Session, handset: Handset | Speaker, new: NewReport, known: LookedUp
) -> tuple[Task | None, Case | None]:
    if new.task is not None:
        # Not locked: the case desk locks the case first, then its tasks, and so must this.
        task = own_task(handset, new.task, session.get(Task, new.task))
        return task, session.get_one(Case, task.case)
    if new.case is None:
        return None, None
    case = session.get(Case, new.case)
    if case is None:
        raise Refused("unknown-case", f"there is no case {new.case}", "case")
    if (case.id, handset.worker) not in known.dispatched:
        raise Refused("not-yours", f"the case {case.case_no} was never dispatched to this worker", "case")
    return None, case


def _answer_task(work: UnitOfWork, handset: Handset | Speaker, new: NewReport, task: Task) -> tuple[str, str]:
    if task.kind == "check":
        return _answer_check(work, handset, new, task)
    try:
        if task.kind == "verify":
            # The report tells what is there; whether that is what the citizen said is for the desk to say.
            finish_task(work, locked_case(work, task.case), task.id)
            return "", ""
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
        return refused.text, ""
    return "", ""


def _answer_check(
    work: UnitOfWork, handset: Handset | Speaker, new: NewReport, task: Task
) -> tuple[str, str]:
    if new.passed is None:
        return "it does not say whether what was handled is done well: the task is still to be done", "unsaid"
    order = CheckCase(
        order=new.id,
        by=handset.worker,
        contact=ContactId(task.contact),
        case=CaseId(task.case),
        passed=new.passed,
        text=new.text,
        task=TaskId(task.id),
        report=new.id,
        photos=sum(one.kind == "photo" for one in new.media),
    )
    try:
        check_case(work, order)
    except Refused as refused:
        work.session.refresh(task)
        if task.state in OPEN:
            return refused.text, ""
        note_late(work, order, task)
        return "nobody waited for it any more: it stands in the case's history and moved nothing", "late"
    return "", ""
