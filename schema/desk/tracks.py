"""Tracks: what is stored about where a worker was on a day, for the worker, and for who may look at it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from schema.handsets import Duty, Handset
from schema.positions import Position, TrackHead
from schema.rules.simplifying import Spot, length, simplify, strokes

MOST = 50_000
"""Positions of a day that are looked at: more than one every two seconds."""


@dataclass(frozen=True, slots=True)
class DayTrack:
    """A worker's day: hours on duty (cut to the day; None as an end: still on), and every position stored, by time."""

    worker: UUID
    day: date
    duties: Sequence[tuple[datetime, datetime | None]]
    rows: Sequence[Position]

    @property
    def flagged(self) -> Counter[str]:
        """How many positions are not trusted, by flag."""
        return Counter(row.flag for row in self.rows if row.flag)

    @property
    def spots(self) -> list[Spot]:
        """The trusted ones, as they were made out."""
        return [
            (row.fixed_at.timestamp(), row.fused_lon, row.fused_lat)
            for row in self.rows
            if row.fused_lon is not None and row.fused_lat is not None
        ]

    def lines(self, tolerance: float) -> list[list[Spot]]:
        """The way in pieces without a silence, each with no more points than `tolerance` metres need."""
        return [simplify(stroke, tolerance) for stroke in strokes(self.spots)]

    @property
    def metres(self) -> float:
        """How long the way is: of lines within ten metres, for standing still is no way."""
        return sum(length(line) for line in self.lines(10.0))


def day_track(session: Session, worker: UUID, day: date, zone: ZoneInfo) -> DayTrack:
    """What is stored about a worker's local day."""
    start, end = bounds(day, zone)
    spans = session.execute(
        select(Duty.started_at, Duty.ended_at)
        .where(
            Duty.worker == worker, Duty.started_at < end, or_(Duty.ended_at.is_(None), Duty.ended_at > start)
        )
        .order_by(Duty.started_at)
    )
    duties = [
        (max(begun, start), None if ended is None else min(ended, end)) for begun, ended in spans
    ]  # fmt: skip
    query = select(Position).where(
        Position.device.in_(_devices(session, worker)), Position.worker == worker,
        Position.fixed_at >= start, Position.fixed_at < end,
    )  # fmt: skip
    rows = session.scalars(query.order_by(Position.fixed_at).limit(MOST)).all()
    return DayTrack(worker, day, duties, rows)


def _devices(session: Session, worker: UUID) -> list[str]:
    """The devices a worker has ever been on duty with."""
    return list(session.scalars(select(Duty.device).where(Duty.worker == worker).distinct()))


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a local day begins and ends."""
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )  # fmt: skip


def days_with_track(session: Session, worker: UUID, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first and the last local day of which something is stored; None when nothing is."""
    found: list[datetime] = []
    for device in _devices(session, worker):
        query = select(Position.fixed_at).where(Position.device == device, Position.worker == worker).limit(1)
        for order in (Position.fixed_at.asc(), Position.fixed_at.desc()):
            found += session.scalars(query.order_by(order)).all()
    return (min(found).astimezone(zone).date(), max(found).astimezone(zone).date()) if found else None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody on duty was last: WGS-84 degrees, metres (68 %)."""

    worker: UUID
    device: str
    at: datetime
    lon: float
    lat: float
    accuracy: float


def seen_on_duty(session: Session, since: datetime) -> list[Seen]:
    """Everybody on duty now, where they were last, if that was after `since` and within these hours on duty."""
    query = (
        select(TrackHead, Duty.started_at)
        .join(Duty, (Duty.device == TrackHead.device) & (Duty.worker == TrackHead.worker))
        .join(Handset, Handset.device == TrackHead.device)
        .where(Duty.ended_at.is_(None), Handset.blocked.is_(False), TrackHead.fixed_at >= since)
        .where(TrackHead.fixed_at >= Duty.started_at)
        .order_by(TrackHead.device)
    )
    found = []
    for head, _ in session.execute(query):
        assert head.worker is not None and head.fixed_at is not None
        accuracy = round(1.5096 * float(head.place) ** 0.5, 1)
        found.append(Seen(head.worker, head.device, head.fixed_at, head.fused_lon, head.fused_lat, accuracy))
    return found
