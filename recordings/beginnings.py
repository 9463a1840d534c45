"""Beginnings: the rows of legs that begin to be recorded, written together, for on a busy floor many begin in a second.

One that a crash keeps from its row gets it when its files are closed, by the spool.
"""

import threading
from collections.abc import Callable, Sequence

import structlog

from schema.facts import RecordingStarted
from schema.store import StoreUnreachable

PACE = 0.2
"""Seconds from one writing to the next: the first after a silence is written at once."""
AGAIN = 1.0
log = structlog.get_logger()


class Beginnings:
    """Gathers facts and gives them to `enter`, which writes their rows, on a thread of its own."""

    def __init__(self, enter: Callable[[Sequence[RecordingStarted]], None]) -> None:
        self._enter = enter
        self._facts: list[RecordingStarted] = []
        self._one = threading.Lock()
        self._come, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="recordings begin", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is there, if it can be done now, and end."""
        self._stopping.set()
        self._come.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def add(self, fact: RecordingStarted) -> None:
        """One more. Returns at once."""
        self._facts.append(fact)
        self._come.set()

    def write(self) -> None:
        """Write what is there now: what follows may be about it. Raises StoreUnreachable, with nothing forgotten."""
        with self._one:
            facts, self._facts = self._facts, []
            try:
                if facts:
                    self._enter(facts)
            except BaseException:
                self._facts = [*facts, *self._facts]
                raise

    def _run(self) -> None:
        while True:
            self._come.wait()
            self._come.clear()
            last = self._stopping.is_set()
            try:
                self.write()
            except StoreUnreachable as error:
                log.warning("rows of recordings wait for the database", reason=str(error))
                self._come.set()
                self._stopping.wait(AGAIN)
            except Exception:  # the files are there, and the spool brings them to their rows
                log.exception("rows of recordings could not be begun", count=len(self._facts))
                self._facts.clear()
            if last:
                return
            self._stopping.wait(PACE)
