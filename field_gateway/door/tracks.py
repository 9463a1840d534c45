"""A worker's own track: everything stored about where they were on a day, to look at and to take along."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, request

from field_gateway.door.answers import Problem, encode
from field_gateway.door.guard import WORKER, needs, room, worker
from schema.desk.tracks import DayTrack, day_track, days_with_track
from schema.rules.simplifying import strokes
from schema.rules.trackfiles import csv, gpx

TOLERANCE = 5.0
"""Metres by which a drawn way may be off: a telephone's screen shows no less."""
pages = Blueprint("tracks", __name__)


@pages.get("/field/v1/track")
@needs(WORKER)
def track() -> Response:
    """The way of a local day (`?day=2026-11-24`; today's without), simplified for drawing, with what is known of it."""
    here = room()
    found = _track()
    with here.store.read() as session:
        stored = days_with_track(session, worker().worker, here.store.zone)
    told: dict[str, Any] = {
        "day": found.day.isoformat(),
        "first": stored[0].isoformat() if stored else None,
        "last": stored[1].isoformat() if stored else None,
        "kept_days": here.settings.field.position_days,
        "duties": [{"from": start, "to": end} for start, end in found.duties],
        "metres": round(found.metres),
        "positions": len(found.rows),
        "flagged": found.flagged,
        "ways": [
            [[int(at), round(lon, 6), round(lat, 6)] for at, lon, lat in way]
            for way in found.lines(TOLERANCE)
        ],
    }
    return Response(encode(told), mimetype="application/json")


@pages.get("/field/v1/track.gpx")
@needs(WORKER)
def as_gpx() -> Response:
    """The trusted positions of a day as GPX 1.1."""
    found = _track()
    text = gpx(f"{worker().name} {found.day.isoformat()}", strokes(found.spots))
    return _file(text, "application/gpx+xml", found.day, "gpx")


@pages.get("/field/v1/track.csv")
@needs(WORKER)
def as_csv() -> Response:
    """Everything that is stored of a day, as it was sent and as it was made out."""
    found = _track()
    return _file("".join(csv(_rows(found))), "text/csv", found.day, "csv")


def _track() -> DayTrack:
    here = room()
    text = request.args.get("day", "")
    try:
        day = date.fromisoformat(text) if text else _today(here.store.clock())
    except ValueError:
        raise Problem(400, "bad-field", "day is no day as 2026-11-24") from None
    if not date(2000, 1, 1) <= day <= date(2999, 12, 31):
        raise Problem(400, "bad-field", "day is out of reach")
    with here.store.read() as session:
        return day_track(session, worker().worker, day, here.store.zone)


def _today(now: datetime) -> date:
    return now.astimezone(room().store.zone).date()


def _rows(track: DayTrack) -> Iterator[tuple[object, ...]]:
    for row in track.rows:
        yield (
            row.fixed_at, row.lon, row.lat, row.accuracy, row.source, row.flag, row.fused_lon, row.fused_lat,
            row.fused_accuracy, row.speed, row.bearing, row.altitude, row.told_at, row.at, row.device, row.cells,
        )  # fmt: skip


def _file(text: str, kind: str, day: date, ending: str) -> Response:
    name = f"track-{day.isoformat()}.{ending}"
    return Response(text, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
