"""A twin: a hearing and a floor that follow the tape by themselves, as far behind the real ones as need be."""

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from cti import checkpoint
from cti.floor import Changed, Floor
from cti.hears import Hearing
from cti.live import LiveSeat
from cti.memory import Memory
from cti.tape import Mark, Reader
from schema.facts import Fact

Seat = tuple[str, LiveSeat | None]
Told = list[tuple[Fact, list[Seat]]]
Entry = tuple[Mark, Told]
"""What one frame of the tape came to: its facts, each with the seats that it changed as they then were."""


class Twin:
    """Reads, hears and keeps a floor, from where the reader begins; `memory` and `floor` are what was known there."""

    def __init__(self, reader: Reader, node: str, memory: Memory, floor: Floor) -> None:
        self._reader, self._hearing, self.floor = reader, Hearing(node, memory), floor

    @classmethod
    def of(cls, file: Path, node: str, rows: Mark, zone: ZoneInfo, wrap_up: float) -> "Twin":
        """One that begins at the checkpoint `file`, which lies beside the tape."""
        known = checkpoint.load(file, rows)
        floor = Floor(zone, wrap_up)
        floor.restore(known.floor)
        return cls(Reader(file.parent, node, known.mark), node, known.memory, floor)

    @property
    def state(self) -> tuple[msgspec.Raw, msgspec.Raw]:
        """Memory and floor as a checkpoint keeps them."""
        return checkpoint.packed(self._hearing.memory, self.floor.state)

    @property
    def mark(self) -> Mark:
        """How far it is."""
        return self._reader.mark

    def read(self, most: int) -> list[Entry]:
        """The next so many frames; none at the end of the tape."""
        found: list[Entry] = []
        for frame in self._reader.read(most):
            told = [
                (fact, changed_seats(self.floor, self.floor.hear(fact))) for fact in self._hearing.hear(frame)
            ]
            found.append((Mark(frame.epoch, frame.sequence), told))
        return found

    def close(self) -> None:
        """Read no more."""
        self._reader.close()


def changed_seats(floor: Floor, changed: Changed) -> list[Seat]:
    """The seats that a fact changed, as they are right after it; None for one that is closed."""
    return [(seat, floor.seats.get(seat)) for seat in changed.seats]
