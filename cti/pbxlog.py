"""What a PBX wrote down itself: its event log (CEL) and its call records (CDR), read back as channels.

Columns are those of conf/asterisk/cel_custom.conf and of cdr_csv (cdr.conf). CEL has the machine's own time; how far
that is from UTC is told by each channel's uniqueid, which begins with the second of its start.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

QUARTER = 900
"""Zones differ by quarters of an hour."""


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
        self._ahead = timedelta()
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
        what, when, name, uniqueid, extra = row[0], row[1], row[5], row[6], row[8]
        try:
            local = datetime.strptime(when, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
            if what == "CHAN_START":
                began = datetime.fromtimestamp(int(uniqueid.rpartition("-")[2].partition(".")[0]), UTC)
                self._ahead = timedelta(seconds=round((local - began).total_seconds() / QUARTER) * QUARTER)
            bridge = json.loads(extra).get("bridge_id", "") if what.startswith("BRIDGE_") else ""
        except ValueError:
            return
        at = local - self._ahead
        if what == "CHAN_START":
            self.channels[uniqueid] = Channel(uniqueid, name, at)
        channel = self.channels.get(uniqueid)
        if channel is None:
            return
        if what == "ANSWER":
            channel.answered = channel.answered or at
        elif what == "BRIDGE_ENTER":
            self._enter(bridge, uniqueid, at)
        elif what == "BRIDGE_EXIT":
            self._leave(bridge, uniqueid, at)
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


def call_records(file: Path) -> Iterator[tuple[str, str]]:
    """(uniqueid, channel) of each answered call record. Raises OSError."""
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) >= 17 and row[14] == "ANSWERED":
                yield row[16], row[5]
