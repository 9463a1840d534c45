"""The duty desk: who is on duty with which device."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.handsets import Speaker
from schema.facts import DutyEnded, DutyStarted
from schema.handsets import Duty, Handset
from schema.store import UnitOfWork


def set_duty(work: UnitOfWork, handset: Handset | Speaker, *, id: UUID, made: datetime, on: bool) -> None:
    """Clock the worker on or off. A time ahead of ours counts as now; on while on changes nothing."""
    at = min(made, work.now)
    for duty in work.session.scalars(
        select(Duty).where(Duty.worker == handset.worker, Duty.ended_at.is_(None))
    ).all():
        if on and duty.device == handset.device:
            return
        # A worker is on duty with one device: clocking on with another ends it, and so does clocking off.
        duty.ended_at = max(at, duty.started_at)
        work.emit(DutyEnded(at=work.now, worker=duty.worker, device=duty.device))
    if on:
        work.session.add(
            Duty(id=id, worker=handset.worker, device=handset.device, started_at=at, ended_at=None)
        )
        work.emit(DutyStarted(at=work.now, worker=handset.worker, device=handset.device))


def end_all(work: UnitOfWork, worker: UUID) -> None:
    """Clock somebody off who may not come in any more."""
    for duty in work.session.scalars(
        select(Duty).where(Duty.worker == worker, Duty.ended_at.is_(None))
    ).all():
        duty.ended_at = work.now
        work.emit(DutyEnded(at=work.now, worker=worker, device=duty.device))


def devices_on_duty(session: Session, worker: UUID | None = None) -> list[tuple[UUID, str]]:
    """(worker, device) of everybody on duty, or of one worker."""
    query = (
        select(Duty.worker, Duty.device)
        .join(Handset, Handset.device == Duty.device)
        .where(Duty.ended_at.is_(None), Handset.blocked.is_(False))
    )
    if worker is not None:
        query = query.where(Duty.worker == worker)
    return [(row.worker, row.device) for row in session.execute(query)]
