"""The replay: the floor of a node as it was at any second of a day, with a time slider. Drawn as the wallboard is."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.figures import midnight
from backoffice.office import Replays, note, office, say, visitor
from backoffice.rights import may, needs
from backoffice.trim import trim_floor
from backoffice.wallboard import queue_names

pages = Blueprint("replay", __name__)
MOST_EVENTS = 500


@pages.get("/replay")
@needs("board.see")
def page() -> str:
    """The page; the tapes are those of this machine."""
    films = office().replays
    there = []
    for node in films.nodes() if films else []:
        first, last = films.days(node) if films else (None, None)
        there.append({"node": node, "first": str(first), "last": str(last)})
    return render_template("replay.html", tapes=there, queues=queue_names(office()))


@pages.get("/api/replay/<node>/day")
@needs("board.see")
def day(node: str) -> ResponseReturnValue:
    """One day of a node's tape: when it begins and ends, how much has been read, and what happened. Audited once."""
    films, begin = _films(), _day()
    if films is None or begin is None:
        return _nothing()
    end = min(begin + timedelta(days=1), max(office().store.clock(), begin + timedelta(seconds=1)))
    try:
        part, events = films.events(node, begin, end)
    except LookupError:
        return _nothing()
    if request.args.get("again") != "1":
        with office().store.work() as work:
            note(work, "replay.see", f"{node} {begin.astimezone(office().zone).date()}")
    return jsonify(
        part=part,
        begin=begin.isoformat(),
        end=end.isoformat(),
        events=[_event(one) for one in events[:MOST_EVENTS]],
        more=max(0, len(events) - MOST_EVENTS),
    )


@pages.get("/api/replay/<node>/at")
@needs("board.see")
def floor(node: str) -> ResponseReturnValue:
    """The floor at a time, cut to what the visitor may see; `message` is null while the tape is still being read."""
    films, moment = _films(), _moment(request.args.get("time", ""))
    if films is None or moment is None:
        return _nothing()
    try:
        part, found = films.at(node, moment)
    except LookupError:
        return _nothing()
    message = None if found is None else trim_floor(msgspec.json.decode(found), visitor())
    return Response(msgspec.json.encode({"part": part, "message": message}), mimetype="application/json")


def _films() -> Replays | None:
    return office().replays


def _day() -> datetime | None:
    noon = _moment(f"{request.args.get('day', '')}T12:00:00")
    return midnight(noon, office().zone) if noon else None


def _moment(text: str) -> datetime | None:
    """A time in the site's zone unless it says another; None for what is none, or of another age."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 2000 <= found.year <= 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=office().zone)


def _event(one: tuple[datetime, str, str]) -> dict[str, Any]:
    at, what, about = one
    # Who may see no caller on the board learns no number here.
    return {"at": at.isoformat(), "what": what, "about": about if may(visitor(), "contact.read") else ""}


def _nothing() -> ResponseReturnValue:
    return jsonify(error="not-found", text=say("replay.bad_time")), 404
