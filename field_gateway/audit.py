"""The audit of the field: every message that was accepted is stored once and as its receipt says, every row has its
message, and what handsets hold receipts for is there.

The ledger is the inbox: one row for (device, id), which no second acceptance can get. Each line that is told begins
with what is wrong: lost, doubled, changed, unowned, short. The files are looked at by `field_gateway.auditfiles`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from conf.fieldsettings import Field
from field_gateway.auditfiles import files_of
from field_gateway.shortform import made_at
from schema.cases import Case
from schema.desk.field import row_hash
from schema.desk.inbox import AGEING
from schema.desk.settling import REUSED
from schema.fieldmessages import FieldNote, ReportVersion
from schema.handsets import Duty, InboxConflict, InboxRow, Media, Report
from schema.outbox import OutboxRow
from schema.store import Store

PAGE = 1000
KEEPING = ("report", "edit")
"""Kinds of messages of which a row is kept that the receipt has the fingerprint of."""
ACCEPTED = ("kept", "conflict", "refused")
"""What the receipt of an accepted message may say: kept, kept beside another, or looked at and nothing of it kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A receipt that a handset holds: `row_hash` "" where its kind has none, `kind` "" where it is not told."""

    device: str
    id: UUID
    row_hash: str = ""
    kind: str = ""


@dataclass
class Found:
    """What was looked at, and a line for whatever is wrong. `bytes` are of the files hashed, `claims` of handsets.

    `aged` of these may be of positions that are let go: nothing can be said of them.
    """

    messages: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    media: int = 0
    bytes: int = 0
    claims: int = 0
    aged: int = 0
    differences: list[str] = field(default_factory=list)


def audit(
    store: Store,
    vault: Path,
    since: datetime,
    until: datetime,
    *,
    claims: Iterable[Claim] = (),
    position_days: int = Field().position_days,
    rehash: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Found:
    """Hold ledger, rows and files against each other: messages accepted from `since` on and before `until`, rows and
    files of that time; files that belong to nobody, and `claims`, whatever their time. Messages of positions stay for
    `position_days`. Raises StoreUnreachable."""
    found = Found()
    for page in _ledger(store, since, until):
        with store.read() as session:
            found.differences += _messages(session, page, found)
        progress(found.messages.total())
    with store.read() as session:
        found.differences += _rows(session, since, until)
        found.differences += _facts(session, since, until)
    found.differences += files_of(store, vault, since, until, found, rehash=rehash)
    every = iter(claims)
    while some := list(islice(every, PAGE)):
        with store.read() as session:
            found.differences += _claimed(session, some, found, store.clock() - timedelta(days=position_days))
    return found


def _ledger(store: Store, since: datetime, until: datetime) -> Iterator[list[InboxRow]]:
    last: tuple[str, UUID] | None = None
    key = tuple_(InboxRow.device, InboxRow.id)
    while True:
        query = select(InboxRow).where(InboxRow.at >= since, InboxRow.at < until)
        if last is not None:
            query = query.where(key > last)
        with store.read() as session:
            page = list(session.scalars(query.order_by(InboxRow.device, InboxRow.id).limit(PAGE)))
        if page:
            yield page
            last = (page[-1].device, page[-1].id)
        if len(page) < PAGE:
            return


def _messages(session: Session, page: Sequence[InboxRow], found: Found) -> Iterator[str]:
    """From the ledger to the rows."""
    ids = [row.id for row in page if row.kind in KEEPING]
    said: dict[UUID, Report | ReportVersion] = {
        one.id: one for one in session.scalars(select(Report).where(Report.id.in_(ids)))
    }
    said |= {one.id: one for one in session.scalars(select(ReportVersion).where(ReportVersion.id.in_(ids)))}
    media: dict[UUID, dict[UUID, Media]] = {}
    for one in session.scalars(select(Media).where(or_(Media.report.in_(ids), Media.edit.in_(ids)))):
        media.setdefault(one.edit or one.report, {})[one.id] = one
    numbers = _numbers(session, said)
    for row in page:
        found.messages[row.kind] += 1
        name = f"{row.device}/{row.id} ({row.kind})"
        receipt: dict[str, Any] = row.receipt
        if receipt.get("id") != str(row.id) or receipt.get("status") not in ACCEPTED:
            yield f"changed   {name}: the receipt kept with it is not its own"
        elif row.kind in KEEPING:
            report = said.get(row.id)
            if report is None or isinstance(report, Report) != (row.kind == "report"):
                yield f"lost      {name}: accepted at {row.at:%Y-%m-%d %H:%M:%S}, and there is no {row.kind}"
                continue
            found.reports += 1
            yield from _report(name, row, report, media.get(report.id, {}), numbers.get(report.id, ""))


def _numbers(session: Session, said: dict[UUID, Report | ReportVersion]) -> dict[UUID, str]:
    """The number of the case that each report or edit belongs to, where there is one."""
    reports = {id: one.report if isinstance(one, ReportVersion) else id for id, one in said.items()}
    query = select(Report.id, Case.case_no).join(Case, Case.id == Report.case)
    found = {id: no for id, no in session.execute(query.where(Report.id.in_(set(reports.values()))))}
    return {id: found[report] for id, report in reports.items() if report in found}


def _report(
    name: str, row: InboxRow, report: Report | ReportVersion, media: dict[UUID, Media], number: str
) -> Iterator[str]:
    if report.device != row.device:
        yield f"changed   {name}: what is stored is of {report.device}"
        return
    announced = {UUID(one["id"]) for one in row.receipt.get("media", ())}
    for id in announced - media.keys():
        yield f"lost      {name}: it announced the photo {id}, of which there is no row"
    for id in media.keys() - announced:
        yield f"unowned   {name}: it never announced the photo {id}"
    told = row.receipt.get("row_hash")
    if media.keys() == announced and row_hash(report, list(media.values())) != told:
        yield f"changed   {name}: what is stored is not what the receipt says"
    case_no = row.receipt.get("case_no", "")
    if case_no and case_no != number:
        yield f"changed   {name}: the receipt names the case {case_no}, the report another or none"


def _rows(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """From the rows to the ledger."""
    taken = select(InboxConflict.body_hash).where(InboxConflict.settled_at.is_not(None))
    by_hand = {uuid5(REUSED, body_hash) for body_hash in session.scalars(taken)}
    for table, noun, at in (
        (Report, "report", Report.at),
        (ReportVersion, "edit", ReportVersion.at),
        (FieldNote, "message", FieldNote.at),
        (Duty, "clock", Duty.started_at),
    ):
        query = (
            select(table.device, table.id)
            .outerjoin(InboxRow, (InboxRow.device == table.device) & (InboxRow.id == table.id))
            .where(at >= since, at < until, InboxRow.id.is_(None))
        )
        for device, id in session.execute(query):
            if id not in by_hand:
                yield f"unowned   {device}/{id} ({noun}): there is a row, and no message was accepted"
    beside = (
        select(InboxConflict.device, InboxConflict.id)
        .outerjoin(InboxRow, (InboxRow.device == InboxConflict.device) & (InboxRow.id == InboxConflict.id))
        .where(InboxConflict.at >= since, InboxConflict.at < until, InboxRow.id.is_(None))
    )
    for device, id in session.execute(beside):
        yield f"unowned   {device}/{id}: set beside a first message that is not there"


def _facts(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Each report was told once: whoever counts or forwards facts counts each once."""
    key = OutboxRow.body["report"].as_string()
    told = (
        select(key, func.count())
        .where(OutboxRow.name == "ReportReceived", OutboxRow.at >= since, OutboxRow.at < until)
        .group_by(key)
    )
    times = {UUID(id): count for id, count in session.execute(told)}
    for id in session.scalars(select(Report.id).where(Report.at >= since, Report.at < until)):
        if (count := times.pop(id, 0)) != 1:
            yield f"{'doubled' if count else 'lost':<9} {id} (report): told {count} times instead of once"
    for id in times:
        yield f"lost      {id} (report): told, and there is no report"


def _claimed(session: Session, claims: Sequence[Claim], found: Found, oldest: datetime) -> Iterator[str]:
    query = select(InboxRow.device, InboxRow.id, InboxRow.receipt)
    rows = session.execute(query.where(InboxRow.id.in_({claim.id for claim in claims})))
    kept = {(device, id): receipt for device, id, receipt in rows}
    for claim in claims:
        found.claims += 1
        receipt = kept.get((claim.device, claim.id))
        if receipt is None and _is_aged(claim, oldest):
            found.aged += 1
        elif receipt is None:
            yield f"lost      {claim.device}/{claim.id}: the handset has a receipt, and no message was accepted"
        elif claim.row_hash not in ("", receipt.get("row_hash", "")):
            yield f"changed   {claim.device}/{claim.id}: the handset's receipt tells another fingerprint"


def _is_aged(claim: Claim, oldest: datetime) -> bool:
    """Whether it may be of positions that are let go: a handset makes the id before anything is accepted."""
    may_be = not claim.row_hash and claim.kind in ("", AGEING) and claim.id.version == 7
    return may_be and made_at(claim.id) < oldest
