"""Garbage: how often Python looks for rings of objects that nobody holds any more."""

import gc


def settle() -> None:
    """Call when a process is set up: what is there will stay, and a burst of events is no reason to look at all of it.

    Nearly everything here is freed by its count alone. With Python's own limits a fifth of the telephone room's time
    under load goes into looking through modules and live calls for rings that are not there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
