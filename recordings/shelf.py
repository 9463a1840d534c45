"""A shelf: where the vault's files stand. One interface; this is the one of folders on a disk."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol


class Absent(LookupError):
    """There is no such file on the shelf; the text names it."""


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes a shelf has in all, and free; `disk` is the machine's number of the disk it is on."""

    total: int
    free: int
    disk: int = 0


class Shelf(Protocol):
    """Files by their path: letters, digits, ``-``, ``.`` and ``/``. All of it raises OSError when the shelf is away."""

    def new(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """A file to write: it is on the shelf, whole and lasting, when the block ends well, and not at all else."""

    def size(self, path: str) -> int:
        """Its bytes. Raises Absent."""

    def read(self, path: str, start: int, count: int) -> bytes:
        """Up to `count` bytes from `start` on. Raises Absent."""

    def remove(self, path: str) -> None:
        """Take it off the shelf; what is not there is no error."""

    def paths(self) -> Iterator[str]:
        """Every file there is."""

    def space(self) -> Space | None:
        """How much room there is; None where nobody can say."""


class DiskShelf:
    """A folder, its files readable by the owner alone. A draft has the ending ``.part`` and is nobody's file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def new(self, path: str) -> Iterator[IO[bytes]]:
        """Written beside its place, synced, then put there."""
        final = self._at(path)
        self._make_private(final.parent)
        draft = final.with_name(f"{final.name}.part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            draft.replace(final)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(final.parent)

    def size(self, path: str) -> int:
        """Its bytes. Raises Absent."""
        try:
            return self._at(path).stat().st_size
        except FileNotFoundError:
            raise Absent(f"{path} is not in the vault") from None

    def read(self, path: str, start: int, count: int) -> bytes:
        """Some of its bytes. Raises Absent."""
        try:
            with self._at(path).open("rb") as file:
                file.seek(start)
                return file.read(count)
        except FileNotFoundError:
            raise Absent(f"{path} is not in the vault") from None

    def remove(self, path: str) -> None:
        """Take it away, and the folders that it leaves empty."""
        file = self._at(path)
        file.unlink(missing_ok=True)
        with suppress(OSError):  # not empty
            while (folder := file.parent) != self._folder:
                folder.rmdir()
                file = folder

    def paths(self) -> Iterator[str]:
        """Every file, drafts left out."""
        for folder, folders, files in os.walk(self._folder):
            folders.sort()
            for name in sorted(files):
                if not name.endswith(".part"):
                    yield str((Path(folder) / name).relative_to(self._folder))

    def space(self) -> Space | None:
        """Of the disk it is on."""
        there = next(place for place in (self._folder, *self._folder.parents) if place.exists())
        disk = os.statvfs(there)
        return Space(disk.f_blocks * disk.f_frsize, disk.f_bavail * disk.f_frsize, there.stat().st_dev)

    def _at(self, path: str) -> Path:
        """Where it is. Raises ValueError for a path that would leave the shelf."""
        whole = Path(os.path.normpath(self._folder / path))
        if not whole.is_relative_to(os.path.normpath(self._folder)) or "\0" in path:
            raise ValueError(f"{path!r} is not in the vault")
        return whole

    def _make_private(self, folder: Path) -> None:
        """Make the folders down to this one, for the owner alone, and sync each into its parent."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self._folder
        for part in folder.relative_to(os.path.normpath(self._folder)).parts:
            parent, place = place, place / part
            if not place.is_dir():
                place.mkdir(exist_ok=True, mode=0o700)
                _sync(parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
