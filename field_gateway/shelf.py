"""The shelf: where chunks of photos and voice notes are put together, and whole ones are moved into the vault.

Every step may be done again after a crash: a chunk is written at its offset and synced before the database
hears of it, and the final names depend on the photo's id alone.
"""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from field_gateway.photos import NoPhoto, make_copies
from field_gateway.sounds import FORMATS as SOUNDS
from field_gateway.sounds import copy_sound
from schema.desk.media import original_path, shown_path, thumb_path


class Shelf:
    """Files of one vault folder."""

    def __init__(self, vault: Path) -> None:
        self._vault = vault
        self._parts = vault / "media" / "parts"

    def write(self, media: UUID, offset: int, data: bytes) -> None:
        """Put a chunk in its place and sync it; whatever lay behind it is cut off. Raises OSError."""
        self._parts.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self._part(media), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as part:
            part.seek(offset)
            part.write(data)
            part.truncate()
            part.flush()
            os.fsync(part.fileno())

    def length(self, media: UUID) -> int:
        """Bytes of an unfinished photo that are on disk."""
        try:
            return self._part(media).stat().st_size
        except FileNotFoundError:
            return 0

    def is_finished(self, media: UUID, type: str) -> bool:
        """Whether a photo is in the vault: only what was proved gets there."""
        return (self._vault / original_path(shown_path(media, type))).exists()

    def finish(self, media: UUID, type: str, size: int, sha256: str) -> str:
        """Prove a photo whole and true, and move it with its copies into the vault; returns the path to show.

        Raises NoPhoto (then nothing of it is left), OSError.
        """
        path = shown_path(media, type)
        original, part = self._vault / original_path(path), self._part(media)
        if self.is_finished(media, type):  # a crash came between this and the commit
            self.drop(media)
            return path
        original.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if part.stat().st_size != size:
                raise NoPhoto(f"the file has {part.stat().st_size} bytes, announced were {size}")
            with part.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise NoPhoto("the file's SHA-256 is not the one announced")
            if type in SOUNDS:
                copy_sound(part, type, self._vault / path)
            else:
                make_copies(part, type, self._vault / path, self._vault / thumb_path(path))
        except NoPhoto:
            self.drop(media)
            raise
        part.replace(original)
        _sync_folder(original.parent)
        return path

    def drop(self, media: UUID) -> None:
        """Forget an unfinished photo."""
        self._part(media).unlink(missing_ok=True)

    def _part(self, media: UUID) -> Path:
        return self._parts / f"{media}.part"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
