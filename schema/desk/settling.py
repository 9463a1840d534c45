"""The settling desk: what came from the street and waits for somebody to look – two versions of one report, an id used
twice, messages nobody could take, reports without a case.

Nothing is overwritten: the version that is not taken stays where it is. What belongs to a case that somebody may not
read is not theirs to see or settle. Raises `Refused`: not-found, wrong-state; the same again changes nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.edits import CONFLICT, TAKEN, settle_edit, versions_of
from schema.desk.errors import Refused
from schema.desk.places import cell_at
from schema.desk.scope import Who, about, may_see, visible_cases
from schema.facts import ReportEdited
from schema.fieldmessages import Poison, ReportVersion
from schema.handsets import InboxConflict, Refusal, Report
from schema.ids import CaseId, ContactId
from schema.people import User
from schema.store import UnitOfWork

MOST = 50
REUSED = UUID("0197f3a2-5e77-7000-8000-000000000001")
"""The namespace of the ids of versions that were made of a message which had used an id again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions, to be shown beside the other: `flag` as `Report` has it, `number` of the version (None: it
    is none yet)."""

    text: str
    made: datetime | None
    lon: float | None
    lat: float | None
    flag: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions that exclude each other: `now` is the one that counts, `other` the one that waits. `raw` is a
    message as it came, where `other` was made of one; `now` None: no report is there to show."""

    key: str
    report: Report | None
    case_no: str
    worker: str
    device: str
    at: datetime
    now: Side | None
    other: Side | None
    raw: str = ""


def edit_pairs(session: Session, who: Who, limit: int = MOST) -> list[Pair]:
    """Edits made from a version that was not the newest any more, the oldest first."""
    query = (
        select(ReportVersion, Report, Case.case_no, User.name)
        .join(Report, Report.id == ReportVersion.report)
        .join(User, User.id == ReportVersion.worker)
        .outerjoin(Case, Case.id == Report.case)
        .where(ReportVersion.state == CONFLICT, _seen(session, who))
        .order_by(ReportVersion.at, ReportVersion.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    newest = _newest(session, [report for _, report, _, _ in rows])
    return [
        Pair(str(edit.id), report, case_no or "", name, edit.device, edit.at, newest[report.id], _side(edit))
        for edit, report, case_no, name in rows
    ]


def reused_pairs(session: Session, who: Who, limit: int = MOST) -> list[Pair]:
    """Messages that used an id again with other content, the oldest first."""
    query = (
        select(InboxConflict, Report, Case.case_no, User.name)
        .outerjoin(Report, _first())
        .outerjoin(User, User.id == Report.worker)
        .outerjoin(Case, Case.id == Report.case)
        .where(InboxConflict.settled_at.is_(None), _seen(session, who))
        .order_by(InboxConflict.at, InboxConflict.key)
        .limit(limit)
    )
    rows: Any = session.execute(query).all()  # the report, its worker and its case may be none
    newest = _newest(session, [report for _, report, _, _ in rows if report is not None])
    return [
        Pair(
            str(row.key), report, case_no or "", name or "", row.device, row.at,
            newest[report.id] if report is not None else None,
            said(row.body) if report is not None else None, row.body,
        )
        for row, report, case_no, name in rows
    ]  # fmt: skip


def take_or_leave(work: UnitOfWork, edit: UUID, who: Who, by: UUID, *, take: bool) -> ReportVersion:
    """Make an edit the newest version, or leave it."""
    query = (
        select(ReportVersion.id)
        .join(Report, Report.id == ReportVersion.report)
        .outerjoin(Case, Case.id == Report.case)
        .where(ReportVersion.id == edit, _seen(work.session, who))
    )
    if work.session.scalar(query) is None:
        raise Refused("not-found", "there is no such edit")
    return settle_edit(work, edit, by=by, take=take)


def settle_reused(work: UnitOfWork, key: int, who: Who, by: UUID, *, take: bool) -> InboxConflict:
    """Settle a message that used an id again: its report becomes the next version of the first one, or nothing does."""
    session = work.session
    row = session.get(InboxConflict, key, with_for_update=True, populate_existing=True)
    report = session.get(Report, row.id, with_for_update={"key_share": True}) if row is not None else None
    case = session.get(Case, report.case) if report is not None and report.case else None
    hidden = case is not None and not may_see(session, who, case)
    if row is None or hidden:
        raise Refused("not-found", "there is no such message")
    version = session.get(ReportVersion, uuid5(REUSED, row.body_hash))
    if row.settled_at is not None:
        if take != (version is not None):
            raise Refused("wrong-state", "this was settled before, the other way")
        return row
    if take:
        side = said(row.body)
        if report is None or side is None:
            raise Refused("wrong-state", "this message is no report that could be taken")
        report.version += 1
        cell = cell_at(session, side.lon, side.lat) if side.lon is not None and side.lat is not None else None
        version = ReportVersion(
            id=uuid5(REUSED, row.body_hash), report=report.id, version=report.version, base=report.version - 1,
            state=TAKEN, device=row.device, worker=report.worker, text=side.text, lon=side.lon, lat=side.lat,
            accuracy=None, cell=cell.code if cell else "", made_at=min(side.made or row.at, work.now), at=row.at,
            settled_by=by, settled_at=work.now,
        )  # fmt: skip
        session.add(version)
        work.emit(
            ReportEdited(
                at=work.now, contact=ContactId(report.contact) if report.contact else None, report=report.id,
                edit=version.id, version=version.version, worker=report.worker,
                case=CaseId(case.id) if case else None, **about(case),
            )
        )  # fmt: skip
    row.settled_by, row.settled_at = by, work.now
    return row


def settle_aside(work: UnitOfWork, key: int, by: UUID) -> Poison:
    """Somebody looked at a message that nobody could take; should it come again it waits again."""
    row = work.session.get(Poison, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("not-found", "there is no such message")
    if row.settled_at is None or row.settled_at < row.last_at:
        row.settled_by, row.settled_at = by, work.now
    return row


def aside(session: Session, limit: int = MOST) -> list[Poison]:
    """Messages nobody could take that wait, the newest first."""
    return list(session.scalars(select(Poison).where(_waits()).order_by(Poison.last_at.desc()).limit(limit)))


def refusals(session: Session, device: str = "", limit: int = 200) -> list[Refusal]:
    """What was refused, counted by device and code, the last first."""
    query = select(Refusal).order_by(Refusal.last_at.desc(), Refusal.device, Refusal.code).limit(limit)
    return list(session.scalars(query.where(Refusal.device == device) if device else query))


def without_case(
    session: Session, before: datetime | None = None, limit: int = MOST
) -> list[tuple[Report, str]]:
    """Reports that belong to no case and of which none was filed since, the newest first, with who reported."""
    query = (
        select(Report, User.name)
        .join(User, User.id == Report.worker)
        .where(_loose())
        .order_by(Report.at.desc(), Report.id)
        .limit(limit)
    )
    rows = session.execute(query.where(Report.at < before) if before else query)
    return [(row.Report, row.name) for row in rows]


def waiting(session: Session, who: Who | None) -> dict[str, int]:
    """How much waits that `who` may see (None: in all): conflicts, messages set aside, reports without a case."""
    edits = (
        select(func.count())
        .select_from(ReportVersion)
        .join(Report, Report.id == ReportVersion.report)
        .outerjoin(Case, Case.id == Report.case)
        .where(ReportVersion.state == CONFLICT, _seen(session, who))
    )
    reused = (
        select(func.count())
        .select_from(InboxConflict)
        .outerjoin(Report, _first())
        .outerjoin(Case, Case.id == Report.case)
        .where(InboxConflict.settled_at.is_(None), _seen(session, who))
    )
    set_aside = select(func.count()).select_from(Poison).where(_waits())
    loose = select(func.count()).select_from(Report).where(_loose())
    counts = [session.scalar(query) or 0 for query in (edits, reused, set_aside, loose)]
    return {"conflicts": counts[0] + counts[1], "aside": counts[2], "loose": counts[3]}


def said(body: str) -> Side | None:
    """A report as a message says it; None where it is no report."""
    try:
        found: Any = json.loads(body)
        text, place = found["text"], found.get("place") or {}
        if not isinstance(text, str) or not text.strip():
            return None
        made = datetime.fromisoformat(found["made"])
        return Side(text, made.astimezone(UTC) if made.tzinfo else None, place.get("lon"), place.get("lat"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _newest(session: Session, reports: Sequence[Report]) -> dict[UUID, Side]:
    """The version of each that counts."""
    found = {one.id: _side(one, 1) for one in reports}
    edited = [one.id for one in reports if one.version > 1]
    for report, versions in versions_of(session, edited).items():
        numbered = [one for one in versions if one.version is not None]
        if numbered:
            found[report] = _side(numbered[-1], numbered[-1].version)
    return found


def _side(row: Report | ReportVersion, number: int | None = None) -> Side:
    return Side(row.text, row.made_at, row.lon, row.lat, row.flag, number)


def _seen(session: Session, who: Who | None) -> ColumnElement[bool]:
    return true() if who is None else or_(Case.id.is_(None), visible_cases(session, who))


def _first() -> ColumnElement[bool]:
    """The report that the id was used for first."""
    return and_(Report.id == InboxConflict.id, Report.device == InboxConflict.device)


def _waits() -> ColumnElement[bool]:
    return or_(Poison.settled_at.is_(None), Poison.settled_at < Poison.last_at)


def _loose() -> ColumnElement[bool]:
    filed = exists().where(Case.contact == Report.contact).correlate(Report)
    return Report.case.is_(None) & ~filed
