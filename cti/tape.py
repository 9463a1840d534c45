"""The tape: every AMI event heard and every note of our own, in order, kept for replay.

One epoch is one session of the ears; it lies in files ``<node>-<epoch>-<first sequence>.tape`` of about 32 MB. A frame
is a line ``@<sequence> <monotonic ns> <UTC> <bytes>``, the raw message and a newline. A torn last frame is what a kill
leaves; it is passed over. Frames are handed to the kernel at once, so a killed process loses none; they are
not synced, so a machine that loses power may lose the last seconds.
"""

import os
import re
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from schema.ids import uuid7

HEAD = b"GRIDLINE-TAPE 1\n"
SEGMENT = 32 << 20
PIECE = 2 << 20
"""How much is read at once: more than any one frame, which AMI's splitter holds under a megabyte."""


class Heard(NamedTuple):
    """One frame: when and where it was heard, and the raw message. `sequence` counts from 1 in its epoch."""

    node: str
    epoch: str
    sequence: int
    monotonic: int
    at: datetime
    raw: bytes


class Mark(NamedTuple):
    """A place on a node's tape: everything up to and with `sequence` of `epoch` is behind it."""

    epoch: str = ""
    sequence: int = 0


class Tape:
    """Appends one epoch's frames. `segment` is how many bytes a file may grow to."""

    def __init__(self, folder: Path, node: str, epoch: str, *, segment: int = SEGMENT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.node, self.epoch = node, epoch
        self.sequence = 0
        self._folder = folder
        self._segment = segment
        self._size = 0
        self._file = -1

    def append(self, messages: list[bytes], monotonic: int, at: datetime) -> list[Heard]:
        """Write messages heard at one moment; returns them stamped. Raises OSError (disk full): all or none count."""
        node, epoch, first = self.node, self.epoch, self.sequence + 1
        moment = b"%d %s" % (monotonic, at.isoformat().encode())
        self._write(
            b"".join(
                [b"@%d %s %d\n%s\n" % (n, moment, len(raw), raw) for n, raw in enumerate(messages, first)]
            )
        )
        self.sequence += len(messages)
        return [Heard(node, epoch, n, monotonic, at, raw) for n, raw in enumerate(messages, first)]

    def _write(self, data: bytes) -> None:
        if self._file < 0 or self._size > self._segment:
            self._next()
        rest, start = data, self._size
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            # What got through is cut off again, or a reader would stop at it for good.
            os.ftruncate(self._file, start)
            raise
        self._size += len(data)

    def _next(self) -> None:
        self.close()
        path = self._folder / f"{self.node}-{self.epoch}-{self.sequence + 1:012d}.tape"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(self._file, HEAD)
        self._size = len(HEAD)

    def close(self) -> None:
        """No more in this epoch."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


class Reader:
    """Follows a node's tape from a mark, while it is being written. One thread's own.

    `near` is a place (a file's name and bytes into it) at or before the mark, so that what is behind is not read again.
    """

    def __init__(self, folder: Path, node: str, mark: Mark, near: tuple[str, int] | None = None) -> None:
        self._folder, self._node, self._near = folder, node, near
        self.mark = mark
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._epoch = ""
        self._same = ((b"", b""), (0, datetime.min.replace(tzinfo=UTC)))

    def read(self, most: int = 500) -> list[Heard]:
        """The next frames, at most so many; none when the end is reached for now."""
        found: list[Heard] = []
        while len(found) < most:
            if self._file is None and not self._open(self._files()):
                break
            if self._frames(found, most):
                continue
            # Another file exists: this one is complete, as far as it will ever be. Look once more, then go on.
            files = self._files()
            if self._path is None or files[-1:] == [self._path] or not files:
                break
            if not self._frames(found, most) and not self._open(files):
                break
        if found:
            self.mark = Mark(found[-1].epoch, found[-1].sequence)
        return found

    @property
    def place(self) -> tuple[str, int] | None:
        """Where reading goes on: a file's name and bytes into it; None before the first was opened."""
        return None if self._path is None or self._file is None else (self._path.name, self._file.tell())

    def close(self) -> None:
        """Read no more."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _files(self) -> list[Path]:
        return files(self._folder, self._node)

    def _open(self, known: list[Path]) -> bool:
        """Open the file after the present one, or the first that may hold what comes after the mark."""
        after = "" if self._path is None else self._path.name
        later = [path for path in known if path.name > after and epoch_of(path) >= self.mark.epoch]
        near, self._near = self._near, None
        if near is not None:
            later = [path for path in later if path.name >= near[0]]
        if not later:
            return False
        self.close()
        self._path = later[0]
        self._epoch = epoch_of(later[0])
        self._file = later[0].open("rb", buffering=0)
        if near is not None and near[0] == self._path.name:
            self._file.seek(near[1])
        return True

    def _frames(self, found: list[Heard], most: int) -> bool:
        """Put whole frames of the present file after the mark into `found`; False when none was left to read."""
        assert self._file is not None
        place = self._file.tell()
        data = self._file.read(PIECE)
        last = self.mark.sequence if self._epoch == self.mark.epoch else 0
        start = len(HEAD) if place == 0 and data.startswith(HEAD) else 0
        passed = False
        while len(found) < most:
            end = data.find(b"\n", start, start + 200)
            if end < 0 or not data.startswith(b"@", start):
                break
            try:
                sequence, monotonic, at, size = data[start + 1 : end].split(b" ")
                number, after = int(sequence), end + int(size) + 2
                when = self._when(monotonic, at)
            except ValueError:
                break
            if not end < after <= len(data):
                break
            if number > last:
                raw = data[end + 1 : after - 1]
                found.append(Heard(self._node, self._epoch, number, when[0], when[1], raw))
            start, passed = after, True
        self._file.seek(place + start)
        return passed

    def _when(self, monotonic: bytes, at: bytes) -> tuple[int, datetime]:
        """Both clocks; what came together has them alike."""
        if self._same[0] != (monotonic, at):
            moment = datetime.fromisoformat(at.decode("ascii")).astimezone(UTC)
            self._same = ((monotonic, at), (int(monotonic), moment))
        return self._same[1]


def epoch_of(path: Path) -> str:
    """The epoch a file belongs to."""
    return path.stem.rpartition("-")[0][-36:]


def files(folder: Path, node: str) -> list[Path]:
    """A node's tape, oldest file first (an epoch is a UUIDv7, which sorts by time)."""
    name = re.compile(re.escape(node) + r"-[0-9a-f-]{36}-[0-9]{12}\.tape")
    return sorted(path for path in folder.glob(f"{node}-*.tape") if name.fullmatch(path.name))


def new_epoch(folder: Path, node: str, mark: Mark) -> str:
    """A new epoch's name: after every one on tape and after `mark`, even when the clock was set back."""
    last = max([mark.epoch, *(epoch_of(path) for path in files(folder, node)[-1:])])
    fresh = uuid7()
    return str(fresh) if not last or str(fresh) > last else str(UUID(int=UUID(last).int + (1 << 80)))


def prune(
    folder: Path, node: str, mark: Mark, *, days: float, megabytes: float, now: float | None = None
) -> int:
    """Delete files older than `days`, and the oldest while all are above `megabytes`; returns how many.

    What the records have not yet passed (`mark`) stays in any case, as does the newest file.
    """
    kept = files(folder, node)
    sizes = {path: path.stat() for path in kept}
    total = sum(stat.st_size for stat in sizes.values())
    limit = (time.time() if now is None else now) - days * 86_400
    gone = 0
    for path, after in pairwise(kept):
        passed = Mark(epoch_of(after), int(after.stem[-12:]) - 1) <= mark
        if not passed or (sizes[path].st_mtime > limit and total <= megabytes * 1e6):
            break
        path.unlink(missing_ok=True)
        total -= sizes[path].st_size
        gone += 1
    return gone
