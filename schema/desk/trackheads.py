"""The heads of tracks: of each device the last trusted position, what the next one is judged and fused by.

Who has positions of a device to keep locks its head; what is older is judged by the position before it in time.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Select, String, cast, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.positions import Position, TrackHead
from schema.rules.kalman import State
from schema.rules.positionfilters import Fix

Heads = dict[str, TrackHead]
Start = tuple[str, float]
"""A device, and when (Unix seconds) some of its positions begin."""


def lock_heads(session: Session, devices: Iterable[str], *, wait: bool = True) -> Heads:
    """The heads of these devices, locked, made where there is none: whoever else has positions of them waits.

    Without `wait` those that somebody else has locked are left out.
    """
    names = sorted(devices)
    query = (
        select(TrackHead)
        .where(TrackHead.device.in_(names))
        .order_by(TrackHead.device)
        .with_for_update(skip_locked=not wait)
    ).execution_options(populate_existing=True)
    found = {head.device: head for head in session.scalars(query)}
    missing = set(names) - found.keys()
    if missing and not wait:
        missing -= set(session.scalars(select(TrackHead.device).where(TrackHead.device.in_(missing))))
    if missing:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        new = insert(table_of(TrackHead)).on_conflict_do_nothing()
        session.execute(new, [{"device": name} for name in sorted(missing)])
        found |= {head.device: head for head in session.scalars(query)}
    return found


def before(session: Session, starts: Collection[Start]) -> dict[Start, Fix | None]:
    """The trusted position of each device before each time; None where there is none."""
    asked = sorted(starts)
    found: dict[Start, Fix | None] = dict.fromkeys(asked)
    if not asked:
        return found
    if session.get_bind().dialect.name == "postgresql":
        # One question for all: of a backlog every message has one, and each alone would cost as much as its rows.
        devices = cast([device for device, _ in asked], ARRAY(String))
        times = cast([_time(at) for _, at in asked], ARRAY(DateTime(timezone=True)))
        starts_of = func.unnest(devices, times).table_valued("device", "at", with_ordinality="number")
        of = starts_of.render_derived("of")
        last = _last_before(of.c.device, of.c.at).lateral("last")
        for number, *row in session.execute(select(of.c.number, last).join_from(of, last, true())):
            found[asked[number - 1]] = _fix(*row)
    else:
        for device, at in asked:
            for one in session.execute(_last_before(device, _time(at))):
                found[device, at] = _fix(*one)
    return found


def _fix(fixed_at: datetime, taken: datetime, lon: Any, lat: Any, accuracy: float | None) -> Fix:
    return Fix(fixed_at.timestamp(), lon, lat, accuracy or 0.0, taken=taken.timestamp())


def _last_before(
    device: Any, at: Any
) -> "Select[datetime, datetime, float | None, float | None, float | None]":
    return (
        select(Position.fixed_at, Position.at, Position.fused_lon, Position.fused_lat, Position.accuracy)
        .where(
            Position.device == device,
            Position.fixed_at < at,
            Position.flag == "",
            Position.fused_lon.is_not(None),
        )
        .order_by(Position.fixed_at.desc())
        .limit(1)
    )


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def last_of(head: TrackHead) -> Fix | None:
    """The last trusted position; None before the first."""
    if head.fixed_at is None or head.taken_at is None:
        return None
    return Fix(
        head.fixed_at.timestamp(), head.lon, head.lat, head.accuracy, taken=head.taken_at.timestamp()
    )  # fmt: skip


def state_of(head: TrackHead) -> State | None:
    """What the filter knew after it; None before the first."""
    if head.fixed_at is None:
        return None
    at = head.fixed_at.timestamp()
    return State(
        at, head.fused_lon, head.fused_lat, head.east, head.north, head.place, head.both, head.pace
    )  # fmt: skip


def move(head: TrackHead, worker: UUID, fix: Fix, state: State, now: datetime) -> None:
    """This is the last trusted position from now on."""
    head.worker, head.fixed_at, head.taken_at = worker, datetime.fromtimestamp(fix.at, UTC), now
    head.lon, head.lat, head.accuracy = fix.lon, fix.lat, fix.accuracy
    head.fused_lon, head.fused_lat, head.east, head.north = state.lon, state.lat, state.east, state.north
    head.place, head.both, head.pace = state.place, state.both, state.pace
