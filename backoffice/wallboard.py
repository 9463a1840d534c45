"""The wallboard of a supervisor: the day's figures, every queue and seat, and the callers; on a desk or on a wall."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from backoffice.diskalarms import disk_alarms
from backoffice.figures import CONNECT_TARGET, SERVICE_TARGET, Day, Share
from backoffice.office import Office, language, office, say, shown, visitor
from backoffice.rights import may, needs

pages = Blueprint("wallboard", __name__)
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure as it is shown: `of` says what it is counted from; `good` is None where there is no target."""

    name: str
    value: str
    of: str
    good: bool | None = None


@pages.get("/wallboard")
@needs("board.see")
def board() -> str:
    """The whole board, kept by the live feed; with ``?wall=1`` for a screen on the wall, without controls."""
    found = office()
    wall = request.args.get("wall") == "1"
    seat = visitor().seat if may(visitor(), "seat.supervise") and not wall else None
    return render_template(
        "wallboard.html", tiles=tiles(found.today.now(), say), since=_since(found.today.now()), wall=wall, seat=seat,
        queues=queue_names(found), orders=not wall and may(visitor(), "seat.supervise"),
    )  # fmt: skip


@pages.get("/wallboard/figures")
@needs("board.see")
def numbers() -> Response:
    """The day's figures alone, in words: the tiles, and each queue's service level."""
    day = office().today.now()
    return jsonify(
        since=_since(day),
        alarms=disk_alarms(visitor()),
        tiles=[asdict(tile) for tile in tiles(day, say)],
        queues={
            name: {"level": percent(waits.service_level), "of": _of(waits.service_level, say)}
            for name, waits in day.queues.items()
        },
    )


def tiles(day: Day, say: Callable[..., str]) -> list[Tile]:
    """The figures in the order of their weight: those of GB/T 33358 first."""
    total = day.total
    level, connect, speed = total.service_level, total.connect_rate, total.speed_of_answer
    comma = say("punct.comma")

    def target(share: Share, least: float) -> tuple[str, bool]:
        wanted = say("board.target", target=f"{least * 100:.0f}%")
        return _of(share, say) + comma + wanted, share.value is None or share.value >= least

    return [
        Tile("service", percent(level), *target(level, SERVICE_TARGET)),
        Tile("connect", percent(connect), *target(connect, CONNECT_TARGET)),
        Tile("asa", seconds(speed, say), say("board.over", whole=speed.whole)),
        Tile("talk", seconds(day.talk, say), say("board.over", whole=day.talk.whole)),
        Tile(
            "occupancy",
            percent(day.occupancy),
            say("board.of_time", whole=f"{day.occupancy.whole / 3600:.1f}"),
        ),
    ]


def percent(share: Share) -> str:
    """A share of a hundred, or a dash when there is nothing to share."""
    return NOTHING if share.value is None else f"{share.value * 100:.1f}%"


def seconds(share: Share, say: Callable[..., str]) -> str:
    """An average in seconds, or a dash."""
    return NOTHING if share.value is None else say("board.seconds", count=f"{share.value:.1f}")


def queue_names(found: Office) -> dict[str, str]:
    """What each queue is called: by its services in the reader's language, or by its own name."""
    names: dict[str, list[str]] = {queue: [] for queue in found.settings.queues}
    for service in found.settings.services:
        names[found.settings.queue_of(service)].append(getattr(service, language(), "") or service.name)
    return {queue: " / ".join(dict.fromkeys(called)) or queue for queue, called in names.items()}


def _of(share: Share, say: Callable[..., str]) -> str:
    return say("board.of", part=share.part, whole=share.whole)


def _since(day: Day) -> Any:
    return say("board.since_day", at=shown(day.since, "minute"))
