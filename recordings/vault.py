"""The vault: where kept recordings lie. A file enters whole, hashed and synced, or not at all.

Layout: ``<vault>/recordings/YYYY/MM/DD/<recording id>/{mix,citizen,seat}.wav``, readable by the owner alone.
"""

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from recordings.wav import mend

SIDES = ("mix", "citizen", "seat")
# On the seat's channel, what is received is what the seat says and what is sent is what the citizen says.
ENDINGS = {"mix": ".wav", "seat": ".rx.wav", "citizen": ".tx.wav"}
# In a return visit the recorded channel is the citizen's own.
VISIT_ENDINGS = {"mix": ".wav", "citizen": ".rx.wav", "seat": ".tx.wav"}


class SpoolEmpty(Exception):
    """The PBX left no such files; the text names them."""


class Vault:
    """Takes recordings out of a `spool` folder into a `vault` folder. All paths it gives are relative to the vault."""

    def __init__(self, vault: Path, spool: Path) -> None:
        self._vault = vault
        self._spool = spool

    def is_done(self, name: str) -> bool:
        """Whether the PBX has closed the files of `name`."""
        return (self._spool / f"{name}.done").exists()

    def names(self) -> list[str]:
        """The names in the spool, whole or not."""
        found = {
            file.name.split(".rx.wav")[0].split(".tx.wav")[0].removesuffix(".wav")
            for file in self._spool.glob("*.wav")
        }
        return sorted(found)

    def last_change(self, name: str) -> float:
        """When a file of `name` last grew (Unix seconds); 0 when there is none."""
        times = [f.stat().st_mtime for f in self._spool.glob(f"{name}*.wav")]
        return max(times, default=0.0)

    def take(self, name: str, recording: UUID, at: datetime, *, visit: bool = False) -> "Taken":
        """Copy the files of `name` into the vault, synced; the spool keeps its own until `forget`.

        Doing it again after a crash ends in the same files. Raises SpoolEmpty, recordings.wav.NotAudio, OSError.
        """
        folder = Path("recordings") / f"{at:%Y/%m/%d}" / str(recording)
        endings = VISIT_ENDINGS if visit else ENDINGS
        sources = {side: self._spool / f"{name}{endings[side]}" for side in SIDES}
        target = self._vault / folder
        absent = [
            f.name
            for side, f in sources.items()
            if not f.is_file() and not (target / f"{side}.wav").is_file()
        ]
        if absent:
            raise SpoolEmpty(f"the PBX left no {', '.join(absent)}")
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        hashes, seconds = {}, 0.0
        for side, source in sources.items():
            final = target / f"{side}.wav"
            if source.is_file():
                length = mend(source)
                _copy(source, final)
            else:
                length = mend(final)
            hashes[side] = sha256(final)
            seconds = max(seconds, length)
        _sync_folder(target)
        return Taken(seconds, {side: str(folder / f"{side}.wav") for side in SIDES}, hashes)

    def forget(self, name: str) -> None:
        """The rows are committed: the spool's copy is no longer needed."""
        for file in self._spool.glob(f"{name}.*"):
            file.unlink(missing_ok=True)

    def set_aside(self, name: str) -> Path:
        """Move files that belong to nobody into ``spool/../unowned``, where an operator sees them."""
        aside = self._spool.parent / "unowned"
        aside.mkdir(exist_ok=True, mode=0o700)
        for file in self._spool.glob(f"{name}.*"):
            shutil.move(file, aside / file.name)
        return aside

    def path(self, relative: str) -> Path:
        """The absolute path of a file in the vault. Raises ValueError for one that would leave it."""
        whole = (self._vault / relative).resolve()
        if not whole.is_relative_to(self._vault.resolve()):
            raise ValueError(f"{relative!r} is not in the vault")
        return whole


class Taken:
    """What came into the vault: its length in seconds, and path and SHA-256 of each side."""

    __slots__ = ("hashes", "paths", "seconds")

    def __init__(self, seconds: float, paths: dict[str, str], hashes: dict[str, str]) -> None:
        self.seconds = seconds
        self.paths = paths
        self.hashes = hashes


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _copy(source: Path, final: Path) -> None:
    draft = final.with_suffix(".part")
    with (
        source.open("rb") as read,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
    ):
        shutil.copyfileobj(read, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(final)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
