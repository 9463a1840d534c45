"""A worker's own track by day: what is stored about them, to look at and to take along, and nobody else's."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from conf.settings import Settings
from field_gateway.door.app import make_app
from field_gateway.door.room import Room
from field_gateway.intake import Intake
from field_gateway.shelf import Shelf
from schema.desk import fieldlogins
from schema.desk.duty import set_duty
from schema.desk.positions import NewPoint, NewTrack, keep_tracks
from schema.handsets import Handset
from schema.ids import uuid7
from schema.pace import Pace
from schema.rules.positionfilters import Limits
from schema.store import Store
from tests.field_gateway.door.site import basic
from tests.field_gateway.play import LAT, LON, Street

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def ask(site: Settings, sqlite_url: str) -> Any:
    """Asks as the worker of hs1, who walked for ten minutes, as did the one of hs2."""
    store = Store(sqlite_url, clock=lambda: NOW)
    street = Street(store)
    with store.work() as work:
        for device, worker in (("hs1", street.one), ("hs2", street.two)):
            set_duty(
                work,
                work.session.get_one(Handset, device),
                id=uuid7(),
                made=NOW - timedelta(hours=1),
                on=True,
            )
            points = [NewPoint(NOW - timedelta(seconds=n * 10), LON - n * 1e-4, LAT, 8.0) for n in range(60)]
            keep_tracks(work, [NewTrack(device, worker.id, [*points, NewPoint(NOW, 0.0, 0.0)])], Limits(), 30)
        _, token = fieldlogins.log_in(work, "hs1", street.one.id, lasts=timedelta(days=1), ip="")
    pace = Pace(100, 100, time.monotonic)
    shelf = Shelf(site.vault)
    room = Room(
        site, store, Intake(store, shelf), lambda: None, shelf, pace, pace, threading.BoundedSemaphore(1)
    )
    client = make_app(room).test_client()

    def asked(path: str, **headers: str) -> Any:
        shown = {"Authorization": basic(), "X-Gridline-Login": token, **headers}
        return client.get(f"/field/v1/{path}", headers=shown)

    yield asked
    store.close()


def test_the_own_track_is_told_simplified_with_all_that_is_known_of_it(ask: Any) -> None:
    told = ask("track?day=2026-11-24").json
    assert ask("track").json == told
    assert (told["day"], told["first"], told["last"], told["kept_days"]) == (
        "2026-11-24",
        *["2026-11-24"] * 2,
        30,
    )
    assert (told["positions"], told["flagged"], len(told["ways"])) == (60, {}, 1)
    assert 2 <= len(told["ways"][0]) < 10 and 500 < told["metres"] < 600
    at, lon, lat = told["ways"][0][-1]
    assert at == int(NOW.timestamp()) and abs(lon - LON) < 1e-3 and abs(lat - LAT) < 1e-3
    assert told["duties"] == [{"from": "2026-11-24T09:00:00Z", "to": None}]
    empty = ask("track?day=2026-11-20").json
    assert (empty["ways"], empty["positions"], empty["metres"], empty["last"]) == ([], 0, 0, "2026-11-24")


def test_it_is_taken_along_whole(ask: Any) -> None:
    gpx = ask("track.gpx?day=2026-11-24")
    assert gpx.mimetype == "application/gpx+xml"
    assert gpx.headers["Content-Disposition"] == 'attachment; filename="track-2026-11-24.gpx"'
    assert len(list(ElementTree.fromstring(gpx.data).iter("{http://www.topografix.com/GPX/1/1}trkpt"))) == 60
    csv = ask("track.csv?day=2026-11-24")
    assert csv.mimetype == "text/csv" and csv.get_data(as_text=True).count("\r\n") == 61


def test_no_day_is_told_and_nobody_else_comes_in(ask: Any) -> None:
    for day in ("x", "0001-01-01", "2026-13-01"):
        answer = ask(f"track?day={day}")
        assert (answer.status_code, answer.json["error"]) == (400, "bad-field")
    assert ask("track", **{"X-Gridline-Login": "wrong"}).status_code == 401
    assert ask("track.csv", Authorization=basic("hs2", "wrong")).status_code == 401
