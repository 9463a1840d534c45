"""What is put off when there is too much, the least needful first; what was put off was not kept.

Photos wait as soon as messages stand in a queue, so that words are taken first. Reports wait only where writing them
down would fail: the disk is nearly full. Positions are dropped earlier, where they come in.
"""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

BUSY = 96
"""Jobs that stand in the lanes: photos wait from here on. The broker hands us 128 at most (`field_gateway.link`)."""
MEDIA_LATER = 20
"""Seconds after which a piece of a photo is to come again."""
FULL_LATER = 300
ROOM_FOR_MEDIA = 512 * 1024 * 1024
ROOM_FOR_WORDS = 48 * 1024 * 1024
"""Bytes free on the disk below which photos, and then everything else, are not taken."""
LOOK_EVERY = 5.0


class PutOff:
    """`standing` counts jobs that wait; `folder` is on the disk that is asked for its room."""

    def __init__(
        self,
        folder: Path,
        standing: Callable[[], int],
        *,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._standing = standing
        self._free = free
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked = -LOOK_EVERY
        self._room = ROOM_FOR_MEDIA
        self.put_off = 0
        """How many messages were put off."""

    def __call__(self, what: str) -> int:
        """Seconds after which a message of this kind ("media", "report", …) is to come again; 0: now is right."""
        seconds = self._seconds(what)
        if seconds:
            with self._lock:
                self.put_off += 1
        return seconds

    def _seconds(self, what: str) -> int:
        room = self._room_left()
        if room < ROOM_FOR_WORDS or (what == "media" and room < ROOM_FOR_MEDIA):
            return FULL_LATER
        return MEDIA_LATER if what == "media" and self._standing() > BUSY else 0

    def _room_left(self) -> int:
        with self._lock:
            if self._monotonic() - self._looked >= LOOK_EVERY:
                self._looked = self._monotonic()
                try:
                    self._room = self._free(self._folder)
                except OSError:  # not made yet: it is for the one who writes there to complain
                    self._room = ROOM_FOR_MEDIA
            return self._room
