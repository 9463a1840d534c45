"""What handsets say of where they are: kept on duty, judged, fused, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk.duty import set_duty
from schema.desk.handsets import enrol
from schema.desk.positions import NewPoint, NewTrack, Outcome, keep_tracks
from schema.desk.trackheads import lock_heads
from schema.handsets import Handset
from schema.ids import uuid7
from schema.positions import Position, TowerRow, TrackHead
from schema.rules.celltowers import Heard
from schema.rules.positionfilters import Limits
from schema.store import Store
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LON, LAT = 120.159, 30.267
STEP = 0.0001
"""Degrees: about ten metres."""


class Street:
    """Two devices of two workers; `hs-1` has been on duty for an hour."""

    def __init__(self, desk: Office) -> None:
        self.store: Store = desk.store
        self.worker, self.other = desk.worker, desk.worker2
        self.now = NOW
        self.store.clock = lambda: self.now
        with self.store.work() as work:
            enrol(work, device="hs-2", worker=desk.worker2, secret="sixteen letters!")
            self.hs1 = enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")
        self.clock(self.hs1, True, NOW - timedelta(hours=1))

    def clock(self, handset: Handset, on: bool, at: datetime) -> None:
        with self.store.work() as work:
            set_duty(work, handset, id=uuid7(), made=at, on=on)

    def keep(
        self,
        *points: NewPoint,
        device: str = "hs-1",
        worker: UUID | None = None,
        days: int = 30,
        **limits: object,
    ) -> Outcome:
        track = NewTrack(device, worker or self.worker, points)
        with self.store.work() as work:
            return keep_tracks(work, [track], Limits(**limits), days)[0]

    def rows(self, device: str = "hs-1") -> list[Position]:
        with self.store.read() as session:
            query = select(Position).where(Position.device == device).order_by(Position.fixed_at)
            return list(session.scalars(query))

    def head(self, device: str = "hs-1") -> TrackHead:
        with self.store.read() as session:
            return session.get_one(TrackHead, device)


@pytest.fixture
def street(desk: Office) -> Iterator[Street]:
    made = Street(desk)
    yield made
    made.store.clock = lambda: datetime.now(UTC)


def at(seconds: float, east: float = 0, **more: object) -> NewPoint:
    """A point `east` steps east of the corner, so many seconds from now."""
    return NewPoint(
        NOW + timedelta(seconds=seconds), **{"lon": LON + east * STEP, "lat": LAT, "accuracy": 8.0, **more}
    )


def test_positions_are_kept_on_duty_only_and_its_ends_are_part_of_it(street: Street) -> None:
    street.clock(street.hs1, False, NOW - timedelta(minutes=30))
    edges = [at(-3601), at(-3600), at(-1800), at(-1799), at(7200)]
    assert street.keep(*edges) == Outcome(kept=2, off_duty=3)
    assert [row.fixed_at for row in street.rows()] == [edges[1].fixed_at, edges[2].fixed_at]
    # Neither are another device's hours nor another worker's.
    assert street.keep(at(-2000), device="hs-2", worker=street.other).off_duty == 1
    assert street.keep(at(-2000), worker=street.other).off_duty == 1


def test_the_raw_stays_beside_what_was_made_of_it(street: Street) -> None:
    told = at(-30, 1, speed=1.5, bearing=90.0, altitude=12.0, told_at=NOW + timedelta(hours=3))
    street.keep(at(-60), told)
    row = street.rows()[1]
    assert (row.lon, row.lat, row.accuracy, row.speed, row.bearing, row.altitude, row.told_at, row.at) == (
        told.lon, LAT, 8.0, 1.5, 90.0, 12.0, told.told_at, NOW,
    )  # fmt: skip
    assert row.flag == "" and row.fused_lon is not None and LON < row.fused_lon < LON + STEP
    assert row.fused_accuracy is not None and row.fused_accuracy < 8
    head = street.head()
    assert (head.worker, head.fixed_at) == (street.worker, told.fixed_at)
    assert head.fused_lon == pytest.approx(row.fused_lon, abs=1e-7)


def test_what_is_not_trusted_is_kept_with_its_flag_and_spoils_nothing(street: Street) -> None:
    outcome = street.keep(
        at(-40), at(-30, 9000), at(-20, 1), at(-10, accuracy=3000.0), at(0, lon=0.0, lat=0.0)
    )
    assert outcome == Outcome(kept=5, flagged=3)
    assert [row.flag for row in street.rows()] == ["", "jump", "", "inaccurate", "zero"]
    assert [row.fused_lon is None for row in street.rows()] == [False, True, False, True, True]
    assert street.head().fixed_at == NOW - timedelta(seconds=20)


def test_the_same_again_changes_nothing(street: Street) -> None:
    points = [at(-60), at(-50, 1), at(-40, 2), at(-50, 5)]
    street.keep(*points)
    before = [(row.fixed_at, row.lon, row.flag, row.fused_lon) for row in street.rows()]
    assert len(before) == 3
    street.now = NOW + timedelta(minutes=1)
    street.keep(*points)
    assert [(row.fixed_at, row.lon, row.flag, row.fused_lon) for row in street.rows()] == before
    assert street.head().fixed_at == NOW - timedelta(seconds=40)


def test_a_message_goes_on_where_the_one_before_it_ended_and_a_backlog_moves_nothing(street: Street) -> None:
    street.keep(at(-600))
    street.keep(at(-10, 5))
    live = street.head()
    # Judged by the position before it in time, not by the newest.
    street.keep(at(-595, 9000), at(-590, 1), at(-300, 2))
    assert [row.flag for row in street.rows()] == ["", "jump", "", "", ""]
    head = street.head()
    assert (head.fixed_at, head.fused_lon, head.stored) == (live.fixed_at, live.fused_lon, 2)
    street.keep(at(-5, 9000))
    assert street.rows()[-1].flag == "jump"


def test_messages_of_one_commit_are_taken_in_the_order_of_time(street: Street) -> None:
    tracks = [NewTrack("hs-1", street.worker, [at(-10, 6)]), NewTrack("hs-1", street.worker, [at(-20, 5)])]
    with street.store.work() as work:
        assert [one.kept for one in keep_tracks(work, tracks, Limits(), 30)] == [1, 1]
        assert keep_tracks(work, [], Limits(), 30) == []
    assert street.head().fixed_at == NOW - timedelta(seconds=10)


def test_cells_place_a_handset_without_satellites_and_help_one_with_poor_ones(street: Street) -> None:
    with street.store.work() as work:
        for cid in (1, 2):
            work.session.add(
                TowerRow(mcc=460, mnc=0, lac=7, cid=cid, lon=LON + cid * STEP, lat=LAT, range=500.0, samples=99,
                         created_at=NOW - timedelta(days=90), updated_at=NOW)
            )  # fmt: skip
    heard = (Heard((460, 0, 7, 1), -80), Heard((460, 0, 7, 2), -80))
    only_cells = at(-60, lon=None, lat=None, accuracy=None, source="cell", cells=heard, cells_told="[]")
    unknown = at(-50, lon=None, lat=None, cells=(Heard((460, 0, 9, 9)),), cells_told="[]")
    both = at(-40, 3, accuracy=1500.0, cells=heard, cells_told="[]")
    street.keep(only_cells, unknown, both)
    first, second, third = street.rows()
    assert (first.lon, first.flag, first.cells, second.flag, third.flag) == (None, "", "[]", "invalid", "")
    assert first.fused_lon == pytest.approx(LON + 1.5 * STEP)
    assert third.fused_accuracy is not None and third.fused_accuracy < first.fused_accuracy < 1500  # type: ignore[operator]


def test_above_the_daily_limit_the_rest_is_flagged_over_all_messages(street: Street) -> None:
    for second in range(4):
        street.keep(at(second - 9, second), daily=3, daily_interval=0.0)
    assert [row.flag for row in street.rows()] == ["", "", "", "daily-limit"]
    assert street.head().stored == 4


def test_older_than_they_are_kept_positions_are_not_even_stored(street: Street) -> None:
    street.clock(street.hs1, False, NOW)
    street.clock(street.hs1, True, NOW)
    with street.store.work() as work:
        for head in lock_heads(work.session, ["hs-1"]).values():
            assert head.fixed_at is None
    street.now = NOW + timedelta(days=9)
    assert street.keep(at(-60), days=8) == Outcome(too_old=1)
    assert street.rows() == []
