"""What a PBX wrote down itself: its event log (CEL), read back as channels.

Columns are those of conf/asterisk/cel_custom.conf. Times are the machine's own; how far that is from UTC is told by
each channel's uniqueid, which begins with the second of its start.
"""

import csv
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schema.ids import as_id

QUARTER = 900
"""Zones differ by quarters of an hour."""
PIECE = 1 << 20
MOST = 64 * PIECE
"""How far back in the log a gap is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the event log. `carried` is the channel's user field: a call's contact. `extra` depends on `what`."""

    what: str
    at: datetime
    number: str
    exten: str
    context: str
    name: str
    uniqueid: str
    linkedid: str
    extra: dict[str, str]
    carried: str


@dataclass(slots=True)
class Channel:
    """One channel by the PBX's word. `talked` is how many seconds somebody was in a bridge with it."""

    uniqueid: str
    name: str
    started: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    talked: float = 0.0


class EventLog:
    """Channels out of CEL, line by line."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self._ahead = timedelta(seconds=time.localtime().tm_gmtoff)
        self._rooms: dict[str, dict[str, datetime | None]] = {}

    def read(self, file: Path) -> "EventLog":
        """Take in a whole file. Raises OSError; a line that is not whole is passed over."""
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) >= 9:
                    self._row(row)
        return self

    @property
    def begins(self) -> datetime | None:
        """When the first channel that it knows began."""
        return min((channel.started for channel in self.channels.values()), default=None)

    def _row(self, row: list[str]) -> None:
        try:
            if not _is_ours(row[6]):
                self._ahead = _ahead(row, self._ahead)
            line = line_of(row, self._ahead)
        except ValueError:
            return
        what, at, uniqueid = line.what, line.at, line.uniqueid
        if what == "CHAN_START":
            self.channels[uniqueid] = Channel(uniqueid, line.name, at)
        channel = self.channels.get(uniqueid)
        if channel is None:
            return
        if what == "ANSWER":
            channel.answered = channel.answered or at
        elif what == "BRIDGE_ENTER":
            self._enter(line.extra.get("bridge_id", ""), uniqueid, at)
        elif what == "BRIDGE_EXIT":
            self._leave(line.extra.get("bridge_id", ""), uniqueid, at)
        elif what == "CHAN_END":
            for room in list(self._rooms):
                self._leave(room, uniqueid, at)
            channel.ended = at

    def _enter(self, bridge: str, uniqueid: str, at: datetime) -> None:
        room = self._rooms.setdefault(bridge, {})
        room[uniqueid] = None
        if len(room) > 1:
            room.update({leg: since or at for leg, since in room.items()})

    def _leave(self, bridge: str, uniqueid: str, at: datetime) -> None:
        room = self._rooms.get(bridge, {})
        if uniqueid not in room:
            return
        self._count(uniqueid, room.pop(uniqueid), at)
        if len(room) == 1:
            ((left, since),) = room.items()
            self._count(left, since, at)
            room[left] = None
        if not room:
            del self._rooms[bridge]

    def _count(self, uniqueid: str, since: datetime | None, at: datetime) -> None:
        if since is not None and (channel := self.channels.get(uniqueid)) is not None:
            channel.talked += max((at - since).total_seconds(), 0.0)


def line_of(row: Sequence[str], ahead: timedelta) -> Line:
    """A row as a line; `ahead` is how far the machine's time is from UTC. Raises ValueError."""
    at = _local(row) - ahead
    found = json.loads(row[8]) if row[8] else {}
    extra = {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
    carried = row[9] if len(row) > 9 else ""
    return Line(row[0], at, row[2], row[3], row[4], row[5], row[6], row[7], extra, carried)


def since(file: Path, at: datetime) -> list[Line]:
    """The lines of the log's end that are not older than `at`. Raises OSError."""
    with file.open("rb") as log:
        size = log.seek(0, 2)
        taken = 0
        while True:
            taken = min(size, taken + PIECE)
            log.seek(size - taken)
            data = log.read(taken)
            if taken < size:
                data = data[data.find(b"\n") + 1 :]
            rows = [row for row in csv.reader(data.decode("utf-8", "replace").splitlines()) if len(row) >= 9]
            lines = _lines(rows)
            if taken in (size, MOST) or (lines and lines[0].at < at):
                return [line for line in lines if line.at >= at]


def began(uniqueid: str) -> datetime:
    """The second in which a channel began. Raises ValueError for what is no uniqueid."""
    return datetime.fromtimestamp(int(uniqueid.rpartition("-")[2].partition(".")[0]), UTC)


def _lines(rows: list[list[str]]) -> list[Line]:
    # As the machine has it now; a channel's start says it for sure.
    ahead, found = timedelta(seconds=time.localtime().tm_gmtoff), []
    for row in rows:
        try:
            ahead = _ahead(row, ahead)
            found.append(line_of(row, ahead))
        except ValueError:
            continue
    return found


def _is_ours(uniqueid: str) -> bool:
    """Whether we named the channel, when we placed it: such an id says nothing of the PBX's time."""
    try:
        as_id(uniqueid)
    except ValueError:
        return False
    return True


def _ahead(row: Sequence[str], known: timedelta) -> timedelta:
    if row[0] != "CHAN_START":
        return known
    return timedelta(seconds=round((_local(row) - began(row[6])).total_seconds() / QUARTER) * QUARTER)


def _local(row: Sequence[str]) -> datetime:
    return datetime.strptime(row[1], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
