"""Recordings: what there is, and the sound in ranges; each listening is written down."""

from typing import Any

from flask import Response
from msgspec import UNSET
from sqlalchemy import select

from backoffice import sound
from backoffice.api import asks, shapes
from backoffice.api.calls import order_route, simply
from backoffice.api.pages import moment, page
from backoffice.api.problems import Problem, answer
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.desk.scope import audible
from schema.orders import PauseRecording, ResumeRecording
from schema.recordings import Recording

_SIDES = {"mix": "mix", "citizen": "citizen", "agent": "seat"}


def listing(ask: Ask) -> shapes.RecordingPage:
    """A page of recordings. One that has not begun for certain comes last."""
    asked, query = ask.query, select(Recording).where(Recording.started_at.is_not(None))
    since, until = moment(asked.since), moment(asked.until)
    if since is not None:
        query = query.where(Recording.started_at >= since)
    if until is not None:
        query = query.where(Recording.started_at < until)
    for column, wanted in (
        (Recording.call, asked.call),
        (Recording.seat, asked.agent),
        (Recording.state, asked.state),
    ):
        if wanted is not UNSET:
            query = query.where(column == wanted)
    if not ask.who.everywhere:
        query = query.where(Recording.seat == (ask.who.user.seat or "-"))
    with office().store.read() as session:
        query = query.where(audible(session, ask.who))
        started: Any = Recording.started_at
        rows, following = page(session, query, started, Recording.id, asked)
    return shapes.RecordingPage(items=[_shown(row) for row in rows], next=following)


def one(ask: Ask) -> shapes.Recording:
    """One recording."""
    return _shown(_row(ask))


def audio(ask: Ask) -> Response:
    """The sound, or the range that was asked for."""
    row = _row(ask)
    if row.state != "kept":
        raise Problem("not-found", f"the recording is {row.state}: {row.reason}".rstrip(": "))
    found = sound.play(str(row.id), _SIDES[ask.query.side])
    assert isinstance(found, Response)
    if found.status_code == 416:
        return answer("range", headers={"Content-Range": found.headers["Content-Range"]})
    return found


def _row(ask: Ask) -> Recording:
    with office().store.read() as session:
        mine = select(Recording).where(Recording.id == ask.path["recording"], audible(session, ask.who))
        row = session.scalar(mine)
    if row is None or not (ask.who.everywhere or row.seat == ask.who.user.seat):
        raise Problem("not-found", "there is no such recording")
    return row


def _shown(row: Recording) -> shapes.Recording:
    return shapes.Recording(
        id=row.id, call=row.call, contact=row.contact, leg=row.leg, agent=row.seat, state=row.state, reason=row.reason,
        started_at=row.started_at, kept_at=row.kept_at, seconds=row.seconds, sha256=row.sha256,
    )  # fmt: skip


ROUTES = (
    order_route("recording/pause", "recording-pause", "Record nothing of a call until told", "recording.pause",
                simply(PauseRecording, "recording.pause")),
    order_route("recording/resume", "recording-resume", "Record a call again", "recording.pause",
                simply(ResumeRecording, "recording.resume")),
    Route(
        method="GET", path="/recordings", name="recordings", tag="recordings", right="recording.play", does=listing,
        summary="Recordings, newest first", query=asks.Recordings, gives=shapes.RecordingPage,
    ),
    Route(
        method="GET", path="/recordings/{recording}", name="recording", tag="recordings", right="recording.play",
        does=one, summary="One recording", gives=shapes.Recording,
    ),
    Route(
        method="GET", path="/recordings/{recording}/audio", name="recording-audio", tag="recordings",
        right="recording.play", does=audio, query=asks.Audio, summary="The sound, with ranges (RFC 9110)",
        media="audio/ogg", fails=("range",),
    ),
)  # fmt: skip
