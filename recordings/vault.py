"""The vault: where kept recordings lie. A file enters whole, hashed and synced, or not at all.

Layout: ``<vault>/recordings/YYYY/MM/DD/<recording id>/{mix,citizen,seat}.wav``, readable by the owner alone. The day
is that of the recording's id, so that taking it again after a crash, with whatever is then known, finds the same place.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from recordings.wav import mend

PIECE = 1 << 20


class NothingToTake(Exception):
    """The PBX left no such files; the text names them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came into the vault: its length in seconds, and by side the path (in the vault) and the SHA-256."""

    seconds: float
    paths: dict[str, str]
    hashes: dict[str, str]


class Vault:
    """The vault in `folder`. All paths it gives are relative to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, recording: UUID, sources: Mapping[str, Path]) -> Taken:
        """Copy the files of each side into the vault, synced; the sources stay.

        Doing it again after a crash ends in the same files: a source that is gone by then is taken from the vault.
        Raises NothingToTake, recordings.wav.NotAudio, OSError.
        """
        place = place_of(recording)
        finals = {side: self._folder / place / f"{side}.wav" for side in sources}
        absent = [f.name for side, f in sources.items() if not f.is_file() and not finals[side].is_file()]
        if absent:
            raise NothingToTake(f"the PBX left no {', '.join(absent)}")
        _make_private(self._folder, place)
        hashes: dict[str, str] = {}
        seconds = 0.0
        for side, source in sources.items():
            if source.is_file():
                seconds = max(seconds, mend(source))
                hashes[side] = _copy(source, finals[side])
            else:
                seconds = max(seconds, mend(finals[side]))
                hashes[side] = sha256(finals[side])
        _sync_folder(self._folder / place)
        return Taken(seconds, {side: str(place / f"{side}.wav") for side in sources}, hashes)

    def path(self, relative: str) -> Path:
        """The absolute path of a file in the vault. Raises ValueError for one that would leave it."""
        whole = (self._folder / relative).resolve()
        if not whole.is_relative_to(self._folder.resolve()):
            raise ValueError(f"{relative!r} is not in the vault")
        return whole


def place_of(recording: UUID) -> Path:
    """The folder of a recording, relative to the vault."""
    made = datetime.fromtimestamp((recording.int >> 80) / 1000, UTC)
    return Path("recordings") / f"{made:%Y/%m/%d}" / str(recording)


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _copy(source: Path, final: Path) -> str:
    """Copy by way of a ``.part``; returns the SHA-256 of what was written."""
    draft, digest = final.with_suffix(".part"), hashlib.sha256()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as out:
        while piece := read.read(PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(final)
    return digest.hexdigest()


def _make_private(vault: Path, place: Path) -> None:
    """Make the folders of `place` under the vault, for the owner alone, and sync each into its parent."""
    vault.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = vault
    for part in place.parts:
        parent, folder = folder, folder / part
        if not folder.is_dir():
            folder.mkdir(exist_ok=True, mode=0o700)
            _sync_folder(parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
