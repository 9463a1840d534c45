"""The time line: everything that happened to one contact, from the first ring to the rating, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from schema.calls import CallRow, CallStep, LegRow
from schema.cases import Case, CaseStep, Task
from schema.handsets import Media, Report
from schema.ids import ContactId
from schema.people import User
from schema.recordings import Recording
from schema.visits import VisitTry

HOPS = (
    "call.entered", "ivr.notice", "ivr.language", "queue.entered", "queue.net", "seat.ringing", "seat.failed",
    "seat.answered", "recording.started", "case.collected", "case.accepted", "case.verify-sent",
    "case.split-off", "case.reopened", "case.filed", "case.sent-back", "case.resumed", "case.unmerged",
    "case.dispatched", "case.delegated", "case.signed", "task.sent", "task.shown", "call.ended",
    "recording.kept", "report.made", "report.received", "media.received", "case.verified", "case.handled",
    "case.checked", "case.extension-asked", "case.extension-granted", "case.extension-refused",
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
    names = {row.id: row.name for row in session.execute(select(User.id, User.name))}
    hops = [
        *_calls(session, contact, names),
        *_cases(session, contact, names, seen),
        *_visits(session, contact, names, seen),
        *_tasks(session, contact, names, seen),
        *_reports(session, contact, names, seen),
        *_recordings(session, contact, heard),
    ]
    hops.sort(key=lambda hop: (hop.at, _RANK.get(hop.hop, len(HOPS))))
    told: list[Hop] = []
    for hop in hops:
        before = told[-1].at if told else hop.at
        told.append(replace(hop, ms=round((hop.at - before).total_seconds() * 1000)))
    return told


Names = Mapping[UUID, str]


def _calls(session: Session, contact: UUID, names: Names) -> Iterator[Hop]:
    sat: dict[tuple[UUID, str], str] = {}
    legs = select(LegRow).join(CallRow, CallRow.id == LegRow.call).where(CallRow.contact == contact)
    for leg in session.scalars(legs):
        if leg.user is not None:
            sat[leg.call, leg.seat] = names.get(leg.user, "")
    for step in session.scalars(select(CallStep).where(CallStep.contact == contact).order_by(CallStep.id)):
        detail = {"call": str(step.call)} | ({"seat": step.seat} if step.seat else {})
        yield Hop(
            step.at, step.hop, step.contact, 0, sat.get((step.call, step.seat), ""), step.detail, detail
        )


Seen = ColumnElement[bool]


def _cases(session: Session, contact: UUID, names: Names, seen: Seen) -> Iterator[Hop]:
    query = (
        select(CaseStep, Case.case_no)
        .join(Case, Case.id == CaseStep.case)
        .where(CaseStep.contact == contact, seen)
        .order_by(CaseStep.id)
    )
    for step, case_no in session.execute(query):
        who = names.get(step.by, "") if step.by else ""
        detail = {"case": str(step.case), "case_no": case_no, "state": step.state, **step.detail}
        yield Hop(step.at, step.hop, step.contact, 0, who, step.text, detail)


def _visits(session: Session, contact: UUID, names: Names, seen: Seen) -> Iterator[Hop]:
    """The tries of agents to reach the citizen; what the voice script does is among the calls."""
    query = (
        select(VisitTry, Case.case_no)
        .join(Case, Case.id == VisitTry.case)
        .where(Case.contact == contact, seen)
        .order_by(VisitTry.n)
    )
    for tried, case_no in session.execute(query):
        who = names.get(tried.by, "") if tried.by else ""
        detail = {"case": str(tried.case), "case_no": case_no, "result": tried.result, "ended": tried.ended,
                  "reception": tried.reception, "score": tried.department, "solved": tried.solved}  # fmt: skip
        yield Hop(tried.at, "visit.tried", contact, 0, who, tried.text, detail)


def _tasks(session: Session, contact: UUID, names: Names, seen: Seen) -> Iterator[Hop]:
    query = (
        select(Task)
        .join(Case, Case.id == Task.case)
        .where(Case.contact == contact, seen)
        .order_by(Task.made_at)
    )
    for task in session.scalars(query):
        who, detail = names.get(task.worker, ""), {"task": str(task.id), "case": str(task.case)}
        if task.sent_at is not None:
            yield Hop(task.sent_at, "task.sent", task.contact, 0, who, task.note, detail)
        if task.shown_at is not None:
            yield Hop(task.shown_at, "task.shown", task.contact, 0, who, "", detail)


def _reports(session: Session, contact: UUID, names: Names, seen: Seen) -> Iterator[Hop]:
    """A report is made on the handset, by its own clock, and received by ours."""
    of_seen = or_(
        Report.case.is_(None), Report.case.in_(select(Case.id).where(Case.contact == contact, seen))
    )
    mine = select(Report).where(Report.contact == contact, of_seen).order_by(Report.at)
    for report in session.scalars(mine):
        who = names.get(report.worker, "")
        detail = {"report": str(report.id), "device": report.device, "cell": report.cell}
        made = min(report.made_at, report.at)
        yield Hop(made, "report.made", contact, 0, who, report.text, {**detail, "flag": report.flag})
        yield Hop(report.at, "report.received", contact, 0, who, "", detail)
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
            yield Hop(media.whole_at, "media.received", contact, 0, names.get(worker, ""), "", about)


def _recordings(session: Session, contact: UUID, heard: Seen) -> Iterator[Hop]:
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
                "mix": recording.mix,
                "citizen_side": recording.citizen_side,
                "seat_side": recording.seat_side,
                "sha256": recording.mix_sha256,
            }
            yield Hop(
                recording.kept_at, "recording.kept", contact, 0, "", f"{recording.seconds:.1f} s", detail
            )
