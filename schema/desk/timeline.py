"""The time line: everything that happened to one contact, from the first ring to the rating, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from schema.calls import CallRow, CallStep, LegRow
from schema.cases import Case, CaseStep, Task
from schema.desk.people import names_of
from schema.handsets import Media, Report
from schema.ids import ContactId
from schema.recordings import Recording
from schema.visits import VisitTry

HOPS = (
    "call.entered", "ivr.notice", "ivr.language", "queue.entered", "queue.net", "seat.ringing", "seat.failed",
    "seat.answered", "recording.started", "case.collected", "case.accepted", "case.verify-sent",
    "case.split-off", "case.reopened", "case.filed", "case.sent-back", "case.resumed", "case.unmerged",
    "case.dispatched", "case.delegated", "case.signed", "task.sent", "task.shown", "call.ended",
    "recording.kept", "report.made", "report.received", "media.received", "case.verified", "case.handled",
    "case.checked", "case.check-sent", "case.check-recalled", "case.check-late",
    "case.extension-asked", "case.extension-granted", "case.extension-refused",
    "case.urged", "case.supervised", "case.instructed", "case.answered", "case.suspended",
    "case.merged", "case.took-in", "case.let-go", "case.split", "case.rejected", "case.voided",
    "case.concealed", "case.revealed", "case.replied", "case.closed",
    "visit.called", "visit.answered", "visit.tried", "case.rated", "visit.ended",
)  # fmt: skip
"""Every hop there is, in the order of hops of the very same moment."""

_RANK = {name: rank for rank, name in enumerate(HOPS)}


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing that happened, at a time (UTC), for a contact; `ms` since the hop before it.

    `who` did it (a name, "" for the system or the citizen); `text` and `detail` say more.
    """

    at: datetime
    hop: str
    contact: UUID
    ms: int = 0
    who: str = ""
    text: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def timeline(
    session: Session,
    contact: ContactId | UUID,
    seen: ColumnElement[bool] | None = None,
    heard: ColumnElement[bool] | None = None,
) -> list[Hop]:
    """The hops of a contact by time; those of one moment in the order of `HOPS`.

    `seen`, `heard`: only what is of these cases, and only these recordings (see `schema.desk.scope`); None: all.
    """
    seen, heard = true() if seen is None else seen, true() if heard is None else heard
    hops = [
        *_calls(session, contact),
        *_cases(session, contact, seen),
        *_visits(session, contact, seen),
        *_tasks(session, contact, seen),
        *_reports(session, contact, seen),
        *_recordings(session, contact, heard),
    ]
    hops.sort(key=lambda found: (found[0].at, _RANK.get(found[0].hop, len(HOPS))))
    people = names_of(session, (by for _, by in hops))
    told: list[Hop] = []
    for hop, by in hops:
        before = told[-1].at if told else hop.at
        ms = round((hop.at - before).total_seconds() * 1000)
        told.append(replace(hop, ms=ms, who=people.get(by, "") if by else ""))
    return told


By = tuple[Hop, UUID | None]
"""A hop, and who did it."""


def _calls(session: Session, contact: UUID) -> Iterator[By]:
    sat: dict[tuple[UUID, str], UUID] = {}
    legs = select(LegRow).join(CallRow, CallRow.id == LegRow.call).where(CallRow.contact == contact)
    for leg in session.scalars(legs):
        if leg.user is not None:
            sat[leg.call, leg.seat] = leg.user
    for step in session.scalars(select(CallStep).where(CallStep.contact == contact).order_by(CallStep.id)):
        detail = {"call": str(step.call)} | ({"seat": step.seat} if step.seat else {})
        hop = Hop(step.at, step.hop, step.contact, text=step.detail, detail=detail)
        yield hop, sat.get((step.call, step.seat))


Seen = ColumnElement[bool]


def _cases(session: Session, contact: UUID, seen: Seen) -> Iterator[By]:
    query = (
        select(CaseStep, Case.case_no)
        .join(Case, Case.id == CaseStep.case)
        .where(CaseStep.contact == contact, seen)
        .order_by(CaseStep.id)
    )
    for step, case_no in session.execute(query):
        detail = {"case": str(step.case), "case_no": case_no, "state": step.state, **step.detail}
        yield Hop(step.at, step.hop, step.contact, text=step.text, detail=detail), step.by


def _visits(session: Session, contact: UUID, seen: Seen) -> Iterator[By]:
    """The tries of agents to reach the citizen; what the voice script does is among the calls."""
    query = (
        select(VisitTry, Case.case_no)
        .join(Case, Case.id == VisitTry.case)
        .where(Case.contact == contact, seen)
        .order_by(VisitTry.n)
    )
    for tried, case_no in session.execute(query):
        detail = {"case": str(tried.case), "case_no": case_no, "result": tried.result, "ended": tried.ended,
                  "reception": tried.reception, "score": tried.department, "solved": tried.solved}  # fmt: skip
        yield Hop(tried.at, "visit.tried", contact, text=tried.text, detail=detail), tried.by


def _tasks(session: Session, contact: UUID, seen: Seen) -> Iterator[By]:
    query = (
        select(Task)
        .join(Case, Case.id == Task.case)
        .where(Case.contact == contact, seen)
        .order_by(Task.made_at)
    )
    for task in session.scalars(query):
        detail = {"task": str(task.id), "case": str(task.case)}
        if task.sent_at is not None:
            yield Hop(task.sent_at, "task.sent", task.contact, text=task.note, detail=detail), task.worker
        if task.shown_at is not None:
            yield Hop(task.shown_at, "task.shown", task.contact, detail=detail), task.worker


def _reports(session: Session, contact: UUID, seen: Seen) -> Iterator[By]:
    """A report is made on the handset, by its own clock, and received by ours."""
    of_seen = or_(
        Report.case.is_(None), Report.case.in_(select(Case.id).where(Case.contact == contact, seen))
    )
    mine = select(Report).where(Report.contact == contact, of_seen).order_by(Report.at)
    for report in session.scalars(mine):
        detail = {"report": str(report.id), "device": report.device, "cell": report.cell}
        made = min(report.made_at, report.at)
        first = Hop(made, "report.made", contact, text=report.text, detail={**detail, "flag": report.flag})
        yield first, report.worker
        yield Hop(report.at, "report.received", contact, detail=detail), report.worker
    query = (
        select(Media, Report.worker)
        .join(Report, Report.id == Media.report)
        .where(Report.contact == contact, of_seen, Media.state == "whole")
        .order_by(Media.whole_at)
    )
    for media, worker in session.execute(query):
        if media.whole_at is not None:
            about: dict[str, Any] = {
                "media": str(media.id),
                "report": str(media.report),
                "type": media.type,
                "size": media.size,
                "sha256": media.sha256,
            }
            yield Hop(media.whole_at, "media.received", contact, detail=about), worker


def _recordings(session: Session, contact: UUID, heard: Seen) -> Iterator[By]:
    query = (
        select(Recording)
        .where(Recording.contact == contact, Recording.state == "kept", heard)
        .order_by(Recording.kept_at)
    )
    for recording in session.scalars(query):
        if recording.kept_at is not None:
            detail = {
                "recording": str(recording.id),
                "call": str(recording.call),
                "seat": recording.seat,
                "seconds": recording.seconds,
                "sha256": recording.sha256,
            }
            hop = Hop(
                recording.kept_at, "recording.kept", contact, text=f"{recording.seconds:.1f} s", detail=detail
            )
            yield hop, None
