"""Playing a recording: byte ranges for the browser, a waveform to look at, and its hash on demand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from uuid import UUID

from conf.settings import Settings
from recordings.vault import Vault, sha256
from recordings.wav import peaks
from schema.desk import recordings as desk
from schema.recordings import Recording
from schema.store import Store

Side = Literal["mix", "citizen", "seat"]
PIECE = 64 * 1024


class NoRecording(LookupError):
    """There is no such recording, or its files are not in the vault; the text says which."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `end` (inclusive) of `size`."""

    start: int
    end: int
    size: int
    chunks: Iterator[bytes]


class Player:
    """Reads kept recordings. Who may listen, and that they did, is the web's business."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._vault = Vault(settings.vault)

    def find(self, recording: UUID) -> Recording:
        """The row. Raises NoRecording."""
        with self._store.read() as session:
            row = desk.find(session, recording)
        if row is None:
            raise NoRecording(f"there is no recording {recording}")
        return row

    def open(self, recording: UUID, side: Side, start: int = 0, end: int | None = None) -> Piece:
        """A range of a side's file. Raises NoRecording, and ValueError for a range outside the file."""
        file = self._file(recording, side)
        size = file.stat().st_size
        last = size - 1 if end is None else min(end, size - 1)
        if not 0 <= start <= last:
            raise ValueError(f"bytes {start}-{end} are not in a file of {size}")
        return Piece(start, last, size, _read(file, start, last))

    def waveform(self, recording: UUID, side: Side, points: int = 600) -> list[float]:
        """The loudest sample of each piece, 0…1, cached. Raises NoRecording."""
        file = self._file(recording, side)
        return list(_peaks(str(file), file.stat().st_mtime_ns, max(1, min(points, 4000))))

    def verify(self, recording: UUID) -> list[str]:
        """The sides whose file is not what was kept; empty when all is well. Raises NoRecording."""
        row = self.find(recording)
        wanted: dict[Side, str] = {
            "mix": row.mix_sha256,
            "citizen": row.citizen_sha256,
            "seat": row.seat_sha256,
        }
        return [side for side, digest in wanted.items() if sha256(self._file(recording, side)) != digest]

    def _file(self, recording: UUID, side: Side) -> Path:
        row = self.find(recording)
        if row.state != "kept":
            raise NoRecording(f"recording {recording} is not in the vault ({row.reason or row.state})")
        file = self._vault.path({"mix": row.mix, "citizen": row.citizen_side, "seat": row.seat_side}[side])
        if not file.is_file():
            raise NoRecording(f"recording {recording} is gone from the vault")
        return file


@lru_cache(maxsize=256)
def _peaks(file: str, _changed: int, points: int) -> tuple[float, ...]:
    return tuple(peaks(Path(file), points))


def _read(file: Path, start: int, last: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(start)
        left = last - start + 1
        while left > 0 and (piece := opened.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
