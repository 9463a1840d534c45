"""A film: the floor of one node as it was at any moment, played from its tape.

What was heard up to a moment is every frame before the first that is later. The film is read once, forward; on the way
it keeps stills (hearing and floor at a place of the tape, packed), so that any moment is a still and a short play from
there. Stills are bounded: when there are too many every second goes, and the next come twice as far apart.
"""

import zlib
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from cti.checkpoint import VERSION, Checkpoint
from cti.floor import Floor, FloorState
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard, Mark, Reader, files
from schema.facts import (
    CallBackPromised,
    CallEnded,
    CallOverflowed,
    CallTransferred,
    Fact,
    NetUsed,
    SeatUnreachable,
    WatchStarted,
)

BATCH = 250
EVENTS_KEPT = 20_000
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Still:
    """The floor before the next frame of the tape; `at` is the latest moment heard so far, `near` where to read on."""

    at: datetime
    mark: Mark
    near: tuple[str, int]
    packed: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth jumping to: `what` is a word (abandoned, lost, watched …), `about` a number, seat or queue."""

    at: datetime
    what: str
    about: str = ""


class Film:
    """One node's tape in `folder`. A still is kept every `every` seconds or `frames` frames, `most` in all.

    One thread's at a time. Raises LookupError when there is no such tape.
    """

    def __init__(
        self, folder: Path, node: str, zone: ZoneInfo, wrap_up: float, *, every: float = 60.0, frames: int = 5000,
        most: int = 512,
    ) -> None:  # fmt: skip
        self.node = node
        self._folder, self._zone, self._wrap_up, self._most = folder, zone, wrap_up, most
        self._every, self._frames = timedelta(seconds=every), frames
        known = files(folder, node)
        if not known:
            raise LookupError(f"there is no tape of {node} in {folder}")
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self.heard_at = BEGINNING
        self._begun = (known[0].name, 0)
        self._stills = [self._still(BEGINNING, Mark(), self._begun, Hearing(node, Memory()), self._empty())]
        self._hearing, self._floor = self._open(self._stills[0])
        self._near = self._begun
        self._mark = Mark()
        self._since, self._kept_at = 0, BEGINNING

    @property
    def part(self) -> float:
        """How much of the tape has been read, 0 to 1."""
        place, behind, total = self._near, 0, 0
        for path in files(self._folder, self.node):
            size = path.stat().st_size
            total += size
            behind += size if path.name < place[0] else place[1] if path.name == place[0] else 0
        return behind / total if total else 1.0

    def read(self, until: datetime, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Read on, while `go_on` says so, to a moment; whether it, or the tape's present end, was reached."""
        reader = Reader(self._folder, self.node, self._mark, self._near)
        try:
            while self.heard_at <= until:
                near = self._near
                batch = reader.read(BATCH)
                self._near = reader.place or near
                if not batch:
                    return True
                for frame in batch:
                    self._take(frame, near)
                if not go_on():
                    return self.heard_at > until
        finally:
            reader.close()
        return True

    def at(self, moment: datetime) -> Floor:
        """The floor as it was, as far as the film was read. Raises LookupError before the tape that is kept."""
        there = {path.name for path in files(self._folder, self.node)}
        self._stills = [still for still in self._stills if still.near[0] in there]
        index = bisect_right(self._stills, moment, key=lambda still: still.at)
        if not index:
            raise LookupError(f"the tape of {self.node} no longer goes back to {moment.isoformat()}")
        still = self._stills[index - 1]
        hearing, floor = self._open(still)
        reader = Reader(self._folder, self.node, still.mark, still.near)
        try:
            while batch := reader.read(BATCH):
                for frame in batch:
                    if frame.at > moment:
                        return floor
                    for fact in hearing.hear(frame):
                        floor.hear(fact)
        finally:
            reader.close()
        return floor

    def _take(self, frame: Heard, near: tuple[str, int]) -> None:
        if self._mark == Mark():
            self._kept_at = frame.at
        elif self._since >= self._frames or frame.at - self._kept_at >= self._every:
            self._keep(frame.at, near)
        if self._mark.epoch not in ("", frame.epoch):
            self.events.append(Event(frame.at, "epoch", self.node))
        for fact in self._hearing.hear(frame):
            if (event := _event(fact, self._floor)) is not None:
                self.events.append(event)
            self._floor.hear(fact)
        self.heard_at = max(self.heard_at, frame.at)
        self._mark = Mark(frame.epoch, frame.sequence)
        self._since += 1

    def _keep(self, at: datetime, near: tuple[str, int]) -> None:
        self._since, self._kept_at = 0, at
        self._stills.append(self._still(self.heard_at, self._mark, near, self._hearing, self._floor))
        if len(self._stills) > self._most:
            self._stills = self._stills[::2]
            self._every, self._frames = self._every * 2, self._frames * 2

    def _still(
        self, at: datetime, mark: Mark, near: tuple[str, int], hearing: Hearing, floor: Floor
    ) -> Still:
        known = Checkpoint(VERSION, mark.epoch, mark.sequence, ("", 0), hearing.memory, floor.state)
        return Still(at, mark, near, zlib.compress(msgspec.msgpack.encode(known), 1))

    def _open(self, still: Still) -> tuple[Hearing, Floor]:
        known = msgspec.msgpack.decode(zlib.decompress(still.packed), type=Checkpoint)
        floor = self._empty()
        floor.restore(known.floor)
        return Hearing(self.node, known.memory), floor

    def _empty(self) -> Floor:
        floor = Floor(self._zone, self._wrap_up)
        floor.restore(FloorState())
        return floor


def _event(fact: Fact, floor: Floor) -> Event | None:
    """What a fact is worth on the time line; the floor is as it was before it."""
    number = ""
    if (call := getattr(fact, "call", None)) is not None and call in floor.calls:
        number = floor.calls[call].number
    if isinstance(fact, CallEnded) and fact.outcome in ("abandoned", "lost"):
        return Event(fact.at, fact.outcome, number)
    if isinstance(fact, CallOverflowed):
        return Event(fact.at, "overflowed", f"{number} {fact.queue} → {fact.to}".strip())
    if isinstance(fact, CallTransferred):
        return Event(fact.at, "transferred", f"{fact.seat} → {fact.target}")
    if isinstance(fact, WatchStarted):
        return Event(fact.at, "watched", f"{fact.watcher} → {fact.seat}")
    if isinstance(fact, SeatUnreachable):
        return Event(fact.at, "unreachable", fact.seat)
    words = {CallBackPromised: "promised", NetUsed: "net"}
    return Event(fact.at, words[type(fact)], number) if type(fact) in words else None
