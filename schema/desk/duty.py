"""The duty desk: who is on duty with which device, and where, which is kept for the hours on duty only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.handsets import Speaker
from schema.facts import DutyEnded, DutyStarted
from schema.handsets import Duty, Handset, Position
from schema.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewPosition:
    """A fix as it came, with the flag it was given."""

    fixed_at: datetime
    lon: float
    lat: float
    accuracy: float | None
    source: str
    flag: str


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


def keep_positions(work: UnitOfWork, handset: Handset, points: Sequence[NewPosition]) -> int:
    """Keep the points that fall in the device's hours on duty; returns how many did not and were not stored."""
    times = [point.fixed_at for point in points]
    duties = work.session.scalars(
        select(Duty).where(Duty.device == handset.device, Duty.worker == handset.worker)
    ).all()
    known = set(
        work.session.scalars(
            select(Position.fixed_at).where(
                Position.device == handset.device, Position.fixed_at.between(min(times), max(times))
            )
        )
    )
    off_duty = 0
    for point in points:
        # A clock that runs ahead must not carry a point past the end of duty: it is judged as made now.
        at = min(point.fixed_at, work.now)
        if not any(
            duty.started_at <= at and (duty.ended_at is None or at <= duty.ended_at) for duty in duties
        ):
            off_duty += 1
        elif point.fixed_at not in known:
            known.add(point.fixed_at)
            work.session.add(
                Position(
                    device=handset.device,
                    fixed_at=point.fixed_at,
                    worker=handset.worker,
                    lon=point.lon,
                    lat=point.lat,
                    accuracy=point.accuracy,
                    source=point.source,
                    flag=point.flag,
                    at=work.now,
                )
            )
    return off_duty


def last_position(session: Session, device: str) -> Position | None:
    """The newest trusted position of a device."""
    return session.scalars(
        select(Position)
        .where(Position.device == device, Position.flag == "")
        .order_by(Position.fixed_at.desc())
        .limit(1)
    ).first()


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
