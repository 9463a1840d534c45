"""The hand-off: what the ears' side has heard goes to the ledger as it is, so that a busy tape is not heard twice.

It holds a bounded number of frames. When the ledger falls further behind (the database is away) all of them are let
go, and the ledger takes them from the tape, which has everything.
"""

import threading
from collections import deque
from collections.abc import Callable

import msgspec

from cti.tape import Mark
from cti.twin import Entry

MOST = 100_000
"""Frames with facts, which take about 0.8 kB each."""
Kept = tuple[Mark, msgspec.Raw, msgspec.Raw]
"""Memory and floor at a mark, encoded."""


class Handoff:
    """From the reactor's thread to the ledger's: every frame after `since`, which is where the tape was when it began.

    `state` gives memory and floor, encoded, as they are after what is being given; it is called on the giver's thread,
    and only when the taker has asked.
    """

    def __init__(self, since: Mark, state: Callable[[], tuple[msgspec.Raw, msgspec.Raw]]) -> None:
        self._lock = threading.Lock()
        self._since, self._state = since, state
        self._entries: deque[Entry] = deque()
        self._wanted = False
        self._kept: Kept | None = None

    def give(self, entries: list[Entry]) -> None:
        """The next frames of the tape, none left out."""
        if not entries:
            return
        kept = (entries[-1][0], *self._state()) if self._wanted else None
        with self._lock:
            self._entries.extend([entry for entry in entries[:-1] if entry[1]])
            self._entries.append(entries[-1])  # with facts or without: it says how far the tape is
            if kept is not None:
                self._kept, self._wanted = kept, False
            if len(self._entries) > MOST:
                self._entries.clear()
                self._since = entries[-1][0]

    def take(self, mark: Mark, most: int) -> list[Entry] | None:
        """At most so many frames after `mark`; None when some of those are on the tape alone."""
        with self._lock:
            if mark < self._since:
                return None
            waiting = self._entries
            while waiting and waiting[0][0] <= mark:
                waiting.popleft()
            taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
            self._since = taken[-1][0] if taken else mark
            return taken

    def ask(self) -> None:
        """Have memory and floor ready with the next frames."""
        self._wanted = True

    def kept(self, mark: Mark) -> Kept | None:
        """Memory and floor as they were asked for, once the taker has come as far; they are given once."""
        with self._lock:
            if self._kept is None or self._kept[0] > mark:
                return None
            kept, self._kept = self._kept, None
            return kept
