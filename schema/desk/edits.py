"""The edits desk: a report changed on a handset after it was sent becomes its next version, or a conflict to settle.

Nothing is ever overwritten: the report is version 1 and stays as it came, each edit is a row of its own. One that was
made from a version that is not the newest any more is kept beside, until somebody takes it or leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.field import NewReport, announce, refuse_taken, row_hash
from schema.desk.handsets import Speaker
from schema.desk.places import cell_at
from schema.desk.reportlookup import look_up
from schema.desk.scope import about
from schema.facts import ReportEdited
from schema.fieldmessages import ReportVersion
from schema.handsets import Handset, Report
from schema.ids import CaseId, ContactId
from schema.store import UnitOfWork

KEPT, CONFLICT, TAKEN, LEFT = "kept", "conflict", "taken", "left"


@dataclass(frozen=True, slots=True)
class Edited:
    """A kept edit: the `version` it is, or, when `is_conflict`, the newest one; otherwise as `field.Kept`."""

    version: int
    is_conflict: bool
    case_no: str
    row_hash: str


def take_edit(work: UnitOfWork, handset: Handset | Speaker, new: NewReport) -> Edited:
    """Keep an edit of a report of the same worker, and announce its photos there.

    Raises Refused: unknown-report, not-yours, id-taken, bad-field (a base that was never there).
    """
    session = work.session
    assert new.edits is not None
    report = _locked(session, new.edits)
    if report is None:
        raise Refused("unknown-report", f"there is no report {new.edits}", "edits")
    if report.worker != handset.worker:
        raise Refused("not-yours", f"the report {new.edits} is another worker's", "edits")
    if not 1 <= new.base <= report.version:
        raise Refused(
            "bad-field", f"the report has no version {new.base}, the newest is {report.version}", "base"
        )
    refuse_taken(session, new, look_up(session, [(handset.worker, new)]))
    is_conflict = new.base != report.version
    if not is_conflict:
        report.version += 1
    cell = cell_at(session, new.lon, new.lat) if new.lon is not None and new.lat is not None else None
    edit = ReportVersion(
        id=new.id,
        report=report.id,
        version=None if is_conflict else report.version,
        base=new.base,
        state=CONFLICT if is_conflict else KEPT,
        device=handset.device,
        worker=handset.worker,
        text=new.text,
        lon=new.lon,
        lat=new.lat,
        accuracy=new.accuracy,
        cell=cell.code if cell else "",
        flag=new.flag,
        made_at=new.made,
        told_at=new.told,
        at=work.now,
    )
    session.add(edit)
    announce(session, handset.device, report, new.media, new.id)
    session.flush()
    case = _tell(work, report, edit)
    return Edited(report.version, is_conflict, case.case_no if case else "", row_hash(edit, new.media))


def settle_edit(work: UnitOfWork, edit: UUID, *, by: UUID, take: bool) -> ReportVersion:
    """Make a conflict the newest version, or leave it as it is. Settled once; the same again changes nothing.

    Who may do so is for the page to ask. Raises Refused: not-found, wrong-state.
    """
    row = work.session.get(ReportVersion, edit, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("not-found", "there is no such edit")
    wanted = TAKEN if take else LEFT
    if row.state == wanted:
        return row
    if row.state != CONFLICT:
        raise Refused("wrong-state", "this edit is no conflict, or was settled before")
    report = _locked(work.session, row.report)
    assert report is not None
    if take:
        report.version += 1
        row.version = report.version
    row.state, row.settled_by, row.settled_at = wanted, by, work.now
    work.session.flush()
    if take:
        _tell(work, report, row)
    return row


def versions_of(session: Session, reports: Sequence[UUID]) -> dict[UUID, list[ReportVersion]]:
    """The edits of each of these reports that has any: versions first, in their order, then conflicts."""
    found: dict[UUID, list[ReportVersion]] = {}
    query = select(ReportVersion).where(ReportVersion.report.in_(reports))
    rows = sorted(
        session.scalars(query), key=lambda one: (one.version is None, one.version or 0, one.at, one.id)
    )
    for row in rows:
        found.setdefault(row.report, []).append(row)
    return found


def conflicts(session: Session, limit: int = 50) -> list[tuple[ReportVersion, Report]]:
    """Edits that wait to be settled, the oldest first, each with its report."""
    query = (
        select(ReportVersion, Report)
        .join(Report, Report.id == ReportVersion.report)
        .where(ReportVersion.state == CONFLICT)
        .order_by(ReportVersion.at, ReportVersion.id)
        .limit(limit)
    )
    return [(row.ReportVersion, row.Report) for row in session.execute(query)]


def _locked(session: Session, report: UUID) -> Report | None:
    return session.get(Report, report, with_for_update={"key_share": True}, populate_existing=True)


def _tell(work: UnitOfWork, report: Report, edit: ReportVersion) -> Case | None:
    case = work.session.get(Case, report.case) if report.case else None
    work.emit(
        ReportEdited(
            at=work.now,
            contact=ContactId(report.contact) if report.contact else None,
            report=report.id,
            edit=edit.id,
            version=edit.version,
            worker=edit.worker,
            case=CaseId(report.case) if report.case else None,
            **about(case),
        )
    )
    return case
