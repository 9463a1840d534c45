"""Recordings to those who may hear them: byte ranges for the player, peaks for its waveform, each look written down."""

import re
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.office import Side, look, note, office, refused_look, visitor
from backoffice.rights import needs
from schema.desk.scope import audible
from schema.ids import as_id
from schema.recordings import KEPT, Recording

pages = Blueprint("sound", __name__)
SIDES: dict[str, Side] = {"mix": "mix", "citizen": "citizen", "seat": "seat"}
BOTH: tuple[Side, ...] = ("citizen", "seat")
POINTS = 300
MOST = 256 * 1024
"""Bytes of an answer to a range without an end: a browser that looks for a place in a long sound asks for many, and
reads a little of each. It asks on where an answer ends (RFC 9110 section 15.3.7)."""
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@pages.get("/recordings/<recording>/<side>")
@needs("recording.play")
def play(recording: str, side: str) -> ResponseReturnValue:
    """The sound, or the range of it the player asks for (RFC 9110 section 14)."""
    wanted, which = _kept(recording), _side(side)
    try:
        sound = office().player.sound(wanted, which)
        size = sound.size
        asked = request.headers.get("Range", "")
        span = range_of(asked, size) if asked else (0, size)
        if span is None:
            return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        start, end = span
        piece = sound.piece(start, end - 1)
    except LookupError:
        abort(404)
    look("recording.play", str(wanted))
    body = b"" if request.method == "HEAD" else piece.chunks
    answer = Response(body, 206 if asked else 200, mimetype=piece.media, direct_passthrough=True)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Length"] = str(end - start)
    if asked:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return answer


@pages.get("/recordings/<recording>/<side>/download")
@needs("recording.download")
def download(recording: str, side: str) -> ResponseReturnValue:
    """The whole sound as a file to take away, which is written down each time."""
    wanted, which = _kept(recording), _side(side)
    try:
        piece = office().player.sound(wanted, which).piece()
    except LookupError:
        abort(404)
    with office().store.work() as work:
        note(work, "recording.download", f"{wanted} {which}")
    answer = Response(piece.chunks, mimetype=piece.media, direct_passthrough=True)
    answer.headers["Content-Length"] = str(piece.size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{wanted}-{which}.ogg"'
    return answer


@pages.get("/api/recordings/<recording>/wave")
@needs("recording.play")
def wave(recording: str) -> ResponseReturnValue:
    """Peaks of both sides, for drawing."""
    wanted = _kept(recording)
    try:
        drawn = {side: office().player.waveform(wanted, side, POINTS) for side in BOTH}
    except LookupError:
        abort(404)
    look("recording.play", str(wanted))
    return jsonify(drawn)


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
    end = min(int(last) + 1 if last else start + MOST, size)
    return (start, end) if start < end else None


def _side(text: str) -> Side:
    if text not in SIDES:
        abort(404)
    return SIDES[text]


def _kept(recording: str) -> UUID:
    row = find(recording)
    if row.state != KEPT:
        abort(404)
    return row.id


def find(recording: str) -> Recording:
    """The recording of an address, if the visitor may hear it; else the answer is that it is not there."""
    try:
        wanted = as_id(recording)
    except ValueError:
        abort(404)
    with office().store.read() as session:
        row = session.get(Recording, wanted)
        mine = select(Recording.id).where(Recording.id == wanted, audible(session, visitor()))
        heard = session.scalar(mine) is not None
    if row is None:
        abort(404)
    if not heard:
        refused_look("recording", wanted)
        abort(404)
    return row
