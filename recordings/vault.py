"""The vault: where kept recordings lie, as Opus, each file sealed by a key of its own. One enters whole or not at all.

Layout on the shelf: ``YYYY/MM/DD/<recording id>/{mix,citizen,seat}.sealed``. The day is that of the recording's id, so
that taking it again after a crash, with whatever is then known, finds the same place.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from conf.settings import Settings
from recordings.opus import MEDIA, encode
from recordings.sealed import Sealed, Sealing, new_key
from recordings.shelf import DiskShelf, Shelf
from recordings.wav import mend
from schema.desk.recordings import SideFile
from schema.recordings import RecordingFile
from schema.sealing import Sealer


class NothingToTake(Exception):
    """The PBX left no such files; the text names them."""


class Vault:
    """The files on `shelf`; `sealer` wraps their keys. `bitrate` is of each side, in bits a second.

    `between` is called before each second that is encoded: who has time waits there.
    """

    def __init__(self, shelf: Shelf, sealer: Sealer, bitrate: int = 16_000) -> None:
        self.shelf, self._sealer, self._bitrate = shelf, sealer, bitrate
        self.between: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """The site's vault."""
        how = settings.recordings
        return cls(shelf_of(settings), sealer_of(settings), how.bitrate)

    def take(self, recording: UUID, sources: Mapping[str, Path]) -> tuple[float, list[SideFile]]:
        """Take the files of each side; the sources stay. The seconds of the longest, and what is to be known of each.

        Doing it again after a crash puts other files in the same places. Raises NothingToTake, recordings.wav.NotAudio,
        schema.sealing.BadSeal, OSError.
        """
        absent = [source.name for source in sources.values() if not source.is_file()]
        if absent:
            raise NothingToTake(f"the PBX left no {', '.join(absent)}")
        lengths = [mend(source) for source in sources.values()]
        files = [self._taken(recording, side, source) for side, source in sources.items()]
        return max(lengths), files

    def _taken(self, recording: UUID, side: str, source: Path) -> SideFile:
        about, path, key = about_of(recording, side), f"{place_of(recording)}/{side}.sealed", new_key()
        wrapped = self._sealer.seal(base64.b64encode(key).decode(), about)
        with self.shelf.new(path) as out:
            sealing = Sealing(out, key, about)
            encoded = encode(source, sealing, self._bitrate, self.between)
            sealing.close()
        return SideFile(side, path, MEDIA, sealing.size, sealing.sha256, wrapped, encoded.peaks)

    def open(self, file: RecordingFile) -> Sealed:
        """The sound of a file. Raises Absent, BadSound, schema.sealing.BadSeal, OSError."""
        about = about_of(file.recording, file.side)
        key = base64.b64decode(self._sealer.open(file.key, about))
        length = self.shelf.size(file.path)
        return Sealed(lambda start, count: self.shelf.read(file.path, start, count), length, key, about)


def shelf_of(settings: Settings) -> Shelf:
    """Where the site's recordings stand. Raises BadSettings for a bucket that cannot be reached as they say."""
    if settings.recordings.bucket:
        from recordings.bucket import BucketShelf  # not at import: most sites have none

        return BucketShelf(settings.recordings)
    return DiskShelf(settings.vault / "recordings")


def sealer_of(settings: Settings) -> Sealer:
    """What wraps the keys of recordings."""
    named = settings.recordings.key_file
    return Sealer(Path(named) if named else settings.var / "keys" / "recordings.key")


def place_of(recording: UUID) -> str:
    """The folder of a recording on the shelf."""
    made = datetime.fromtimestamp((recording.int >> 80) / 1000, UTC)
    return f"{made:%Y/%m/%d}/{recording}"


def about_of(recording: UUID, side: str) -> str:
    """What a file's key and its sound are bound to."""
    return f"recording {recording} {side}"
