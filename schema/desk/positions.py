"""The positions desk: what handsets say of where they are, many messages in one commit, on duty only.

Of each device the last trusted position (its head) is locked, what is newer is judged and fused by it and moves it on;
what is older (a backlog) is judged by the position before it in time and moves nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.copying import copy_rows
from schema.desk.positionrows import COLUMNS, line
from schema.desk.trackheads import Heads, Start, before, last_of, lock_heads, move, state_of
from schema.handsets import Duty
from schema.positions import Position, TowerRow, TrackHead
from schema.rules.celltowers import Heard, Key, Place, Tower, locate
from schema.rules.kalman import State, fuse, sigma_of
from schema.rules.positionfilters import Fix, Limits, judge
from schema.store import UnitOfWork

DAY = 86_400
AT_ONCE = 1_000
"""Cells looked up in one question: a statement may have some ten thousand values."""
ATTRIBUTES = ("speed", "bearing", "altitude", "cells")
"""What a position may say besides its place."""
_TOLD = {
    said: frozenset(name for name, is_said in zip(ATTRIBUTES, said, strict=True) if is_said)
    for said in product((False, True), repeat=len(ATTRIBUTES))
}


class NewPoint(NamedTuple):
    """A position as it came; `told_at` when its time was corrected. `cells_told` is their JSON as it is kept."""

    fixed_at: datetime
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    source: str = "gps"
    speed: float | None = None
    bearing: float | None = None
    altitude: float | None = None
    valid: bool = True
    outdated: bool = False
    cells: tuple[Heard, ...] = ()
    cells_told: str | None = None
    told_at: datetime | None = None


Made = list[tuple[NewPoint, Fix, Place | None]]
"""Positions as they came, as they are judged, and where the radio cells put them."""


@dataclass(frozen=True, slots=True)
class NewTrack:
    """The positions of one message, and whose they are."""

    device: str
    worker: UUID
    points: Sequence[NewPoint]


@dataclass(slots=True)
class Outcome:
    """What became of a message's positions: `kept` are rows (also those that were there already), `flagged` of them."""

    kept: int = 0
    off_duty: int = 0
    too_old: int = 0
    flagged: int = 0


def keep_tracks(
    work: UnitOfWork, tracks: Sequence[NewTrack], limits: Limits, days: int, heads: Heads | None = None
) -> list[Outcome]:
    """Keep what of these was made on duty, and within the last `days`; an outcome for each, in their order.

    Once a unit of work. `heads`: those of the devices, if they are locked already.
    """
    outcomes = [Outcome() for _ in tracks]
    if not tracks:
        return outcomes
    heads = heads or lock_heads(work.session, {track.device for track in tracks})
    keeping = _Keeping(work, tracks, limits, days, heads)
    taken = [
        (made, track, outcome)
        for track, outcome in zip(tracks, outcomes, strict=True)
        if (made := keeping.look(track, outcome))
    ]
    # Those of a device in the order of time: each then begins where the one before it ended.
    taken.sort(key=lambda one: one[0][0][1].at)
    keeping.learn((track.device, made[0][1].at) for made, track, _ in taken)
    for made, track, outcome in taken:
        keeping.take(made, track, outcome)
    copy_rows(work.session, table_of(Position), COLUMNS, keeping.rows, line)
    return outcomes


class _Keeping:
    """What is known while some messages are kept: heads, hours on duty, towers; and the rows that come of it."""

    def __init__(
        self, work: UnitOfWork, tracks: Sequence[NewTrack], limits: Limits, days: int, heads: Heads
    ) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self._session, self._limits = work.session, limits
        self._at, self._now = work.now, work.now.timestamp()
        self._oldest = self._now - days * DAY
        self._heads = heads
        self._past: dict[Start, Fix | None] = {}
        self._duties = _duties(work.session, tracks)
        cells = {one.key for track in tracks for point in track.points for one in point.cells}
        self._towers = towers_of(work.session, cells)

    def look(self, track: NewTrack, outcome: Outcome) -> Made:
        """What of one message's positions can be kept, in the order of time."""
        duties = self._duties.get((track.device, track.worker), ())
        new: Made = []
        for point in track.points:
            at = point.fixed_at.timestamp()
            # A clock that runs ahead must not carry a position past the end of duty: it is judged as made now.
            when = min(at, self._now)
            if not _is_within(duties, when):
                outcome.off_duty += 1
            elif at < self._oldest:
                outcome.too_old += 1
            else:
                by_cells = locate(point.cells, self._towers, self._now) if point.cells else None
                new.append((point, self._fix(point, at, by_cells), by_cells))
        new.sort(key=lambda one: one[1].at)
        return new

    def learn(self, starts: Iterable[Start]) -> None:
        """Ask what was before these, where that is not the head."""
        self._past |= before(self._session, {one for one in starts if self._newest(one[0]) >= one[1]})

    def take(self, new: Made, track: NewTrack, outcome: Outcome) -> None:
        """Judge, fuse and note one message's positions."""
        head, newest = self._heads[track.device], self._newest(track.device)
        split = next((i for i, one in enumerate(new) if one[1].at > newest), len(new))
        if older := new[:split]:
            start = track.device, older[0][1].at
            if start not in self._past:  # it overlaps with another message of this commit
                self._past |= before(self._session, {start})
            self._note(track, older, outcome, self._past[start], None, None)
        if newer := new[split:]:
            self._note(track, newer, outcome, last_of(head), state_of(head), head)

    def _newest(self, device: str) -> float:
        at = self._heads[device].fixed_at
        return at.timestamp() if at is not None else float("-inf")

    def _note(
        self, track: NewTrack, new: Made, outcome: Outcome, last: Fix | None, state: State | None,
        head: TrackHead | None,
    ) -> None:  # fmt: skip
        day = int(new[0][1].at // DAY)
        today = head.stored if head is not None and head.day == day else 0
        flags, trusted = judge([fix for _, fix, _ in new], self._limits, self._now, last, today)
        seen = None
        for (point, fix, by_cells), flag in zip(new, flags, strict=True):
            # The same time twice is one row: the key would refuse the second.
            if fix.at == seen:
                continue
            seen = fix.at
            fused: tuple[float | None, ...] = (None, None, None)
            if flag:
                outcome.flagged += 1
            else:
                state = _fused(state, fix, by_cells, point)
                fused = (state.lon, state.lat, state.accuracy)
            outcome.kept += 1
            self.rows.append(
                (
                    track.device, point.fixed_at, track.worker, point.lon, point.lat, point.accuracy, point.source,
                    flag, self._at, point.told_at, point.speed, point.bearing, point.altitude, point.cells_told,
                    *fused,
                )
            )  # fmt: skip
        if head is not None:
            last_day = int(new[-1][1].at // DAY)
            head.stored = (today if last_day == day else 0) + len(new)
            head.day = last_day
            if trusted is not None and trusted is not last and state is not None:
                move(head, track.worker, trusted, state, self._at)

    def _fix(self, point: NewPoint, at: float, by_cells: Place | None) -> Fix:
        told = _TOLD[
            point.speed is not None, point.bearing is not None, point.altitude is not None, bool(point.cells)
        ]
        if point.lon is not None and point.lat is not None:
            return Fix(
                at, point.lon, point.lat, point.accuracy or 0.0, point.speed, point.source == "cell", point.valid,
                point.outdated, self._now, told,
            )  # fmt: skip
        if by_cells is None:
            return Fix(at, 0.0, 0.0, valid=False, taken=self._now, told=told)
        return Fix(
            at, by_cells.lon, by_cells.lat, by_cells.accuracy, None, True, True, point.outdated, self._now, told
        )  # fmt: skip


def towers_of(session: Session, keys: Iterable[Key]) -> dict[Key, Tower]:
    """Those of these cells that the table has."""
    wanted = sorted(keys)
    found: dict[Key, Tower] = {}
    if not wanted:
        return found
    cell = (TowerRow.mcc, TowerRow.mnc, TowerRow.lac, TowerRow.cid)
    queries = [select(TowerRow)]
    if session.get_bind().dialect.name == "postgresql":
        # A join, not "IN": of thousands of keys the server would make thousands of conditions.
        parts = [cast(list(part), ARRAY(BigInteger)) for part in zip(*wanted, strict=True)]
        asked = func.unnest(*parts).table_valued("mcc", "mnc", "lac", "cid").render_derived("asked")
        queries = [queries[0].join(asked, and_(*(one == asked.c[one.key] for one in cell)))]
    else:
        starts = range(0, len(wanted), AT_ONCE)
        queries = [queries[0].where(tuple_(*cell).in_(wanted[at : at + AT_ONCE])) for at in starts]
    for query in queries:
        for row in session.scalars(query):
            key = (row.mcc, row.mnc, row.lac, row.cid)
            created, updated = row.created_at.timestamp(), row.updated_at.timestamp()
            found[key] = Tower(key, row.lon, row.lat, row.range, row.samples, created, updated)
    return found


def _duties(
    session: Session, tracks: Sequence[NewTrack]
) -> Mapping[tuple[str, UUID], Sequence[tuple[float, float]]]:
    oldest = min(point.fixed_at for track in tracks for point in track.points)
    query = select(Duty.device, Duty.worker, Duty.started_at, Duty.ended_at).where(
        Duty.device.in_(sorted({track.device for track in tracks})),
        or_(Duty.ended_at.is_(None), and_(Duty.ended_at.is_not(None), Duty.ended_at >= oldest)),
    )
    found: dict[tuple[str, UUID], list[tuple[float, float]]] = {}
    for device, worker, start, end in session.execute(query):
        until = end.timestamp() if end else float("inf")
        found.setdefault((device, worker), []).append((start.timestamp(), until))
    return found


def _is_within(spans: Sequence[tuple[float, float]], at: float) -> bool:
    for start, end in spans:  # noqa: SIM110 (a third of the time of any(), once a position)
        if start <= at <= end:
            return True
    return False


def _fused(state: State | None, fix: Fix, by_cells: Place | None, point: NewPoint) -> State:
    if point.lon is None:
        assert by_cells is not None  # else it was flagged as invalid
        return fuse(state, fix.at, by_cells.lon, by_cells.lat, by_cells.sigma)
    state = fuse(state, fix.at, fix.lon, fix.lat, sigma_of(fix.accuracy))
    if by_cells is not None:
        state = fuse(state, fix.at, by_cells.lon, by_cells.lat, by_cells.sigma)
    return state
