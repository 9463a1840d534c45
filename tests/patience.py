"""How long tests wait for what must come: so long that only what is broken takes longer, however busy the machine is.

A limit that is itself what is asked for (a caller is freed within 5 s of a dead browser) is no matter of patience: it
stands in the test that asks for it.
"""

import time
from collections.abc import Callable

LONG = 60.0


def until(
    true: Callable[[], object], seconds: float = LONG, what: str = "what was waited for", every: float = 0.02
) -> None:
    """Wait until it is true. Raises AssertionError when it is not within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(every)
