"""Recordings to those who may hear them: byte ranges for the player, peaks for its waveform, each look written down."""

import re
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.office import note, office, visitor
from backoffice.rights import needs
from schema.ids import as_id
from schema.people import AuditRow
from schema.recordings import Recording

pages = Blueprint("sound", __name__)
SIDES = ("mix", "citizen", "seat")
ONE_LOOK = timedelta(minutes=10)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@pages.get("/recordings/<recording>/<side>")
@needs("recording.play")
def play(recording: str, side: str) -> ResponseReturnValue:
    """The sound, or the range of it the player asks for (RFC 9110 section 14)."""
    wanted = _kept(recording)
    if side not in SIDES:
        abort(404)
    try:
        sound = office().player.open(wanted, side)
    except LookupError:
        abort(404)
    _look(wanted)
    asked = request.headers.get("Range", "")
    span = (0, sound.size) if not asked else range_of(asked, sound.size)
    if span is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{sound.size}"})
    start, end = span
    body = b"" if request.method == "HEAD" else sound.read(start, end)
    answer = Response(body, 206 if asked else 200, mimetype=sound.type, direct_passthrough=True)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Length"] = str(end - start)
    if asked:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{sound.size}"
    return answer


@pages.get("/api/recordings/<recording>/wave")
@needs("recording.play")
def wave(recording: str) -> ResponseReturnValue:
    """Peaks of both sides, for drawing."""
    wanted = _kept(recording)
    try:
        peaks = office().player.wave(wanted)
    except LookupError:
        abort(404)
    _look(wanted)
    return jsonify(peaks)


def range_of(text: str, size: int) -> tuple[int, int] | None:
    """The half-open span meant by a Range header with one range; None when there is no such span."""
    found = _RANGE.fullmatch(text.strip())
    if not found or not size:
        return None
    first, last = found.groups()
    if not first:
        length = int(last) if last else 0
        return (max(0, size - length), size) if length else None
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None


def _kept(recording: str) -> UUID:
    try:
        wanted = as_id(recording)
    except ValueError:
        abort(404)
    with office().store.read() as session:
        row = session.get(Recording, wanted)
    if row is None or row.state != "kept":
        abort(404)
    return wanted


def _look(recording: UUID) -> None:
    """Write the look down: the many requests of one listening are one look."""
    found, who = office(), visitor()
    since = found.store.clock() - ONE_LOOK
    same = select(AuditRow.id).where(
        AuditRow.at > since,
        AuditRow.who == who.id,
        AuditRow.what == "recording.play",
        AuditRow.subject == str(recording),
    )
    with found.store.read() as session:
        if session.scalar(same.limit(1)) is not None:
            return
    with found.store.work() as work:
        if work.session.scalar(same.limit(1)) is None:
            note(work, "recording.play", str(recording))
