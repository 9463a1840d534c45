"""Garbage: how often Python looks for rings of objects that nobody holds any more, and what it gives back."""

import ctypes
import gc
from typing import Any

TIDY_EVERY = 30.0
HEAPS = 2
"""For the reactor's thread and for all others: Python lets one at a time run anyway."""
_M_ARENA_MAX = -8


def share_heaps() -> None:
    """Call before threads are started: they share `HEAPS` heaps of the C library (mallopt(3), M_ARENA_MAX).

    By itself glibc gives every thread a heap of its own, up to eight a processor, and what is free in one is of no use
    to the others: a process with twenty threads so keeps twenty times what its busiest moment left. Elsewhere than
    with glibc nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, HEAPS)


def hold() -> None:
    """Call first of all: what is loaded stays, and to look through it is a sixth of the time that loading takes."""
    gc.disable()


def settle() -> None:
    """Call when a process is set up: what is there will stay, and a burst of events is no reason to look at all of it.

    Nearly everything here is freed by its count alone. With Python's own limits a fifth of the telephone room's time
    under load goes into looking through modules and live calls for rings that are not there. Nor are the modules looked
    through now: that takes 0.15 s of a start, for a thousand objects.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


class Tidying:
    """Every `TIDY_EVERY` seconds, for as long as the process lives: rings are looked for, and memory that is free in
    between goes back to the kernel.

    The C library gives back only what is free at the end of its heap. A process that keeps a little of every burst
    grows so by several megabytes an hour of memory that holds nothing (malloc_trim(3)); elsewhere than with glibc only
    rings are looked for.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def start(self) -> None:
        """Begin."""
        self._reactor.callLater(TIDY_EVERY, self._turn)

    def _turn(self) -> None:
        gc.collect()
        if self._trim is not None:
            self._trim(0)
        self.start()
