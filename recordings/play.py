"""Playing a recording: byte ranges for the browser, its picture, and the proof that it is what was kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from conf.settings import Settings
from recordings.sealed import BadSound, Sealed
from recordings.shelf import Absent
from recordings.space import Room, rooms
from recordings.vault import Vault
from schema.desk import recordings as desk
from schema.recordings import KEPT, Recording, RecordingFile
from schema.sealing import BadSeal
from schema.store import Store

Side = Literal["mix", "citizen", "seat"]


class NoRecording(LookupError):
    """There is no such recording, or it cannot be heard; the text says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `end` (inclusive) of `size`, of a sound of the type `media`."""

    start: int
    end: int
    size: int
    media: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Sound:
    """A side of a recording, opened: `size` in bytes, its type `media`. `name` says which it is."""

    name: str
    media: str
    sealed: Sealed

    @property
    def size(self) -> int:
        """Bytes of sound."""
        return self.sealed.size

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        """A range; what is at its beginning is opened before this returns, so that a sound that cannot be heard is
        told instead of played. Raises NoRecording, and ValueError for a range outside the sound."""
        last = self.size - 1 if end is None else min(end, self.size - 1)
        if not 0 <= start <= last:
            raise ValueError(f"bytes {start}-{end} are not in a file of {self.size}")
        chunks = self.sealed.chunks(start, last + 1)
        try:
            first = next(chunks)
        except (BadSound, Absent) as error:
            raise NoRecording(f"{self.name}: {error}") from error
        return Piece(start, last, self.size, self.media, _with(first, chunks))


class Player:
    """Reads kept recordings. Who may listen, and that they did, is the web's business."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._settings, self._vault = settings, Vault.of(settings)

    def find(self, recording: UUID) -> Recording:
        """The row. Raises NoRecording."""
        with self._store.read() as session:
            return _found(session, recording)

    def sound(self, recording: UUID, side: Side) -> Sound:
        """A side, opened. Raises NoRecording."""
        file = self._file(recording, side)
        name = f"recording {recording}, {side}"
        try:
            return Sound(name, file.media, self._vault.open(file))
        except (BadSound, BadSeal, Absent) as error:
            raise NoRecording(f"{name}: {error}") from error

    def waveform(self, recording: UUID, side: Side, points: int = 600) -> list[float]:
        """The loudest sample of each piece, 0…1. Raises NoRecording."""
        peaks, points = self._file(recording, side).peaks, max(1, min(points, 1000))
        edges = [len(peaks) * n // points for n in range(points + 1)]
        return [round(max(peaks[a:b] or b"\0") / 255, 3) for a, b in zip(edges, edges[1:], strict=False)]

    def rooms(self) -> list[Room]:
        """How much room there is for more, in the vault and in each spool."""
        spools = [room for pbx in self._settings.pbxs for room in rooms(self._settings.at(pbx.node))]
        return list(dict.fromkeys(spools))

    def verify(self, recording: UUID) -> list[str]:
        """What is wrong with the files, by side ("seat: piece 1 of 2 is not what was sealed"). Raises NoRecording."""
        with self._store.read() as session:
            _must_be_kept(session, recording)
            files = desk.files_of(session, recording)
        return [f"{file.side}: {trouble}" for file in files if (trouble := self.trouble(file))]

    def trouble(self, file: RecordingFile) -> str:
        """Why a file is not what was kept; "" when it is."""
        try:
            if self._vault.open(file).prove() != file.sha256:
                return "the sound is another one"
        except (BadSound, BadSeal, Absent) as error:
            return str(error)
        return ""

    def _file(self, recording: UUID, side: Side) -> RecordingFile:
        with self._store.read() as session:
            _must_be_kept(session, recording)
            file = desk.file_of(session, recording, side)
        if file is None:
            raise NoRecording(f"recording {recording} has no file of the side {side}")
        return file


def _found(session: Session, recording: UUID) -> Recording:
    row = desk.find(session, recording)
    if row is None:
        raise NoRecording(f"there is no recording {recording}")
    return row


def _must_be_kept(session: Session, recording: UUID) -> None:
    row = _found(session, recording)
    if row.state != KEPT:
        raise NoRecording(f"recording {recording} is not in the vault ({row.reason or row.state})")


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
