"""A worker's track of a day: where they were on duty. Whoever looks is written down; the worker sees the same on the
handset, and nobody else does."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select

from backoffice.office import lasting, look, office, shown
from backoffice.rights import needs
from backoffice.trackpicture import draw
from schema.desk.tracks import DayTrack, bounds, day_track, days_with_track
from schema.handsets import Report
from schema.ids import as_id
from schema.people import User
from schema.places import GridCell
from schema.rules.simplifying import length, simplify, strokes

pages = Blueprint("tracks", __name__)


@pages.get("/people/<id>/track")
@needs("track.see")
def page(id: str) -> str:
    """The track of a local day, today's where none is asked for."""
    found = office()
    worker = _worker(id)
    now = found.store.clock()
    today = now.astimezone(found.zone).date()
    day, is_wrong = _day(today)
    look("track.see", f"{worker.login} {day.isoformat()}")
    with found.store.read() as session:
        track = day_track(session, worker.id, day, found.zone)
        stored = days_with_track(session, worker.id, found.zone)
        cells = [(one.name, one.ring) for one in session.scalars(select(GridCell))] if track.spots else []
        start, end = bounds(day, found.zone)
        wanted = select(Report.at, Report.lon, Report.lat).where(
            Report.worker == worker.id, Report.lon.is_not(None), Report.at >= start, Report.at < end
        )
        reports = [
            (at.timestamp(), lon, lat)
            for at, lon, lat in session.execute(wanted)
            if lon is not None and lat is not None
        ]
    return render_template(
        "track.html",
        worker=worker,
        day=day,
        today=today,
        wrong=is_wrong,
        track=track,
        stored=stored,
        picture=draw(track.spots, cells, reports),
        pieces=_pieces(track),
        on_duty=_on_duty(track, now),
        clock=_clock,
        lasting=lasting,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        days=found.settings.field.position_days,
    )


def _worker(id: str) -> User:
    try:
        asked: UUID | None = as_id(id)
    except ValueError:
        asked = None
    with office().store.read() as session:
        worker = session.get(User, asked) if asked else None
    if worker is None:
        abort(404)
    return worker


def _day(today: date) -> tuple[date, bool]:
    text = request.args.get("day", "")
    if not text:
        return today, False
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return today, True
    return (day, False) if date(2000, 1, 1) <= day <= today + timedelta(days=1) else (today, True)


def _on_duty(track: DayTrack, now: datetime) -> float:
    """Seconds on duty, so far."""
    _, midnight = bounds(track.day, office().zone)
    return sum(((end or min(now, midnight)) - start).total_seconds() for start, end in track.duties)


def _clock(at: float) -> str:
    """The local time of day."""
    return shown(datetime.fromtimestamp(at, UTC))[11:16]


def _pieces(track: DayTrack) -> list[tuple[datetime, datetime, float, int]]:
    """Each piece of the way: from, to, metres, positions."""
    return [
        (
            datetime.fromtimestamp(one[0][0], UTC),
            datetime.fromtimestamp(one[-1][0], UTC),
            length(simplify(one, 10.0)),
            len(one),
        )
        for one in strokes(track.spots)
    ]
