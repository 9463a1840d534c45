"""Replay: what a node's floor was at a moment, for the command line and, handed on by the wiring, for the pages."""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from conf.settings import Settings
from cti.board import Board
from cti.film import Event, Film
from cti.floor import Floor
from cti.tape import epoch_of, files

PATIENCE = 0.8
"""Seconds a question may read on; who asks is told how far the film is, and asks again."""
YIELD = 0.002
NAME = "-00000000-0000-0000-0000-000000000000-000000000000.tape"


class BadMoment(ValueError):
    """The time, the tape or the node that was named is none; the text says which."""


class Replays:
    """The films of the tapes in `folder`, read as far as somebody looked. Any thread; `monotonic` gives seconds."""

    def __init__(
        self, folder: Path, zone: ZoneInfo, wrap_up: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._zone, self._wrap_up, self._monotonic = folder, zone, wrap_up, monotonic
        self._films: dict[str, Film] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def nodes(self) -> list[str]:
        """Whose tapes are here."""
        return nodes(self._folder)

    def days(self, node: str) -> tuple[date, date]:
        """The first and the last day on a node's tape. Raises LookupError."""
        kept = files(self._folder, node)
        if not kept:
            raise LookupError(f"there is no tape of {node}")
        ended = datetime.fromtimestamp(kept[-1].stat().st_mtime, UTC)
        begun = datetime.fromtimestamp((UUID(epoch_of(kept[0])).int >> 80) / 1000, UTC)
        return begun.astimezone(self._zone).date(), ended.astimezone(self._zone).date()

    def at(self, node: str, moment: datetime) -> tuple[float, bytes | None]:
        """How much of what it takes has been read, 0 to 1, and at 1 the floor message. Raises LookupError."""
        with self._film(node, moment) as (film, ready):
            return (1.0, picture(film.at(moment), node, moment)) if ready else (min(film.part, 0.99), None)

    def events(
        self, node: str, begin: datetime, end: datetime
    ) -> tuple[float, list[tuple[datetime, str, str]]]:
        """How much has been read, and the events from `begin` up to `end`. Raises LookupError."""
        with self._film(node, end) as (film, ready):
            found = [(one.at, one.what, one.about) for one in film.events if begin <= one.at < end]
            return (1.0 if ready else min(film.part, 0.99)), found

    def _film(self, node: str, until: datetime) -> "_Open":
        with self._lock:
            lock = self._locks.setdefault(node, threading.Lock())
        return _Open(self, lock, node, until)

    def open(self, node: str, until: datetime) -> tuple[Film, bool]:
        """The film, read on for a while; whether as far as `until`. With the node's lock held."""
        film = self._films.get(node)
        if film is None:
            film = self._films[node] = Film(self._folder, node, self._zone, self._wrap_up)
        end = self._monotonic() + PATIENCE

        def go_on() -> bool:
            time.sleep(YIELD)  # the telephone room may be in this very process, and comes first
            return self._monotonic() < end

        return film, film.read(until, go_on)


class _Open:
    """A film while its lock is held."""

    def __init__(self, replays: Replays, lock: threading.Lock, node: str, until: datetime) -> None:
        self._replays, self._lock, self._node, self._until = replays, lock, node, until

    def __enter__(self) -> tuple[Film, bool]:
        self._lock.acquire()
        try:
            return self._replays.open(self._node, self._until)
        except BaseException:
            self._lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def nodes(folder: Path) -> list[str]:
    """The nodes that have a tape in a folder."""
    names = {path.name[: -len(NAME)] for path in folder.glob("*.tape") if len(path.name) > len(NAME)}
    return sorted(node for node in names if files(folder, node))


def picture(floor: Floor, node: str, moment: datetime) -> bytes:
    """A floor as the message that boards draw."""
    return Board(node, "replay").full(floor, "up", moment.astimezone(UTC).isoformat())


# -- the command line ----------------------------------------------------------------------------------------


def run(settings: Settings, args: argparse.Namespace) -> int:
    """Print the floor as it was. Raises BadMoment."""
    zone = ZoneInfo(settings.site.zone)
    folder, node = _tape(args.tape, args.node)
    films = Replays(folder, zone, settings.acd.wrap_up)
    moment = moment_of(args.at, zone, films.days(node)[1])
    film = Film(folder, node, zone, settings.acd.wrap_up)
    film.read(moment)
    floor = film.at(moment)
    if args.json:
        sys.stdout.write(picture(floor, node, moment).decode() + "\n")
    else:
        sys.stdout.write(
            "\n".join(table(msgspec.json.decode(picture(floor, node, moment)), moment, zone)) + "\n"
        )
    return 0


def moment_of(text: str, zone: ZoneInfo, last_day: date) -> datetime:
    """A time as a person writes it: ISO 8601 in the site's zone unless it says another; without a day, of the last."""
    written = f"{last_day.isoformat()}T{text}" if len(text) <= 15 and text[2:3] == ":" else text
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise BadMoment(
            f"{text!r} is no time: give 2026-11-24T12:03:11, or 12:03:11 for the tape's last day"
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _tape(tape: Path, wanted: str | None) -> tuple[Path, str]:
    folder = tape if tape.is_dir() else tape.parent
    there = nodes(folder)
    if tape.is_file():
        wanted = tape.name[: -len(NAME)]
    if wanted is None and len(there) == 1:
        return folder, there[0]
    if wanted not in there:
        known = f"it has {', '.join(there)}; name one with --node" if there else "it has none"
        raise BadMoment(f"{tape} has no tape of {wanted or 'a single node'}: {known}")
    return folder, wanted


def table(message: dict[str, Any], moment: datetime, zone: ZoneInfo) -> list[str]:
    """A floor message as lines for people."""
    seats, calls, figures = message["seats"].values(), message["calls"].values(), message["figures"]
    lines = [f"{message['node']} at {moment.astimezone(zone).isoformat(timespec='seconds')}", ""]
    lines += _columns(
        ("seat", "who", "state", "for", "number", "why"),
        (
            (s["seat"], s["name"], s["state"], _ago(s["since"], moment), s["number"], s["reason"] or s["why"])
            for s in seats
        ),
    )
    lines += ["", *_columns(
        ("number", "stage", "queue", "language", "in for", "seat"),
        ((c["number"], c["stage"], c["queue"], c["language"], _ago(c["entered"], moment), c["seat"]) for c in calls),
    ), ""]  # fmt: skip
    names = ("offered", "answered", "abandoned", "overflowed", "called_back", "waiting")
    rows = [(queue, *(str(counts[name]) for name in names)) for queue, counts in figures["queues"].items()]
    return [
        *lines,
        *_columns(("queue", *names), rows),
        "" if figures["conserved"] else "the figures do not add up",
    ]


def _columns(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [heads, *sorted(rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _ago(since: str, moment: datetime) -> str:
    return str(timedelta(seconds=max(0, int((moment - datetime.fromisoformat(since)).total_seconds()))))


__all__ = ["BadMoment", "Event", "Replays", "moment_of", "nodes", "picture", "run", "table"]
