"""How set-up tells what it does: a numbered line a step, its progress, and how long it took."""

import threading
import time
from collections.abc import Callable
from typing import TextIO

EVERY = 4.0  # seconds between two progress lines of one step


class Show:
    """Prints steps as ``[3/5] Asterisk: fetching 61 of 133``. Safe to call from several threads."""

    def __init__(self, out: TextIO, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._total = total
        self._clock = clock
        self._lock = threading.Lock()
        self._given = 0

    def step(self, title: str) -> "Step":
        """The next step."""
        with self._lock:
            self._given += 1
            number = self._given
        return Step(self._line, f"[{number}/{self._total}] {title}", self._clock)

    def line(self, text: str) -> None:
        """A line that belongs to no step."""
        self._line(text)

    def _line(self, text: str) -> None:
        with self._lock:
            self._out.write(text + "\n")
            self._out.flush()


class Step:
    """One step of set-up while it runs."""

    def __init__(self, line: Callable[[str], None], head: str, clock: Callable[[], float]) -> None:
        self._line = line
        self._head = head
        self._clock = clock
        self._begun: float | None = None
        self._last = 0.0

    def say(self, text: str) -> None:
        """Tell at once. The step's time counts from the first word."""
        if self._begun is None:
            self._begun = self._last = self._clock()
        self._line(f"{self._head}: {text}")

    def progress(self, doing: str, done: int, total: int, unit: str = "") -> None:
        """Tell how far it is, at most every few seconds."""
        now = self._clock()
        if now - self._last >= EVERY:
            self._last = now
            share = f" ({100 * done // total} %)" if total else ""
            self.say(f"{doing} {done} of {total}{unit and ' ' + unit}{share}")

    def done(self, text: str) -> None:
        """The step is over; tell what came of it and how long it took. Silent when there was nothing to do."""
        if self._begun is not None:
            self._line(f"{self._head}: {text} ({self._clock() - self._begun:.0f} s)")
