"""Quiet: waiting while the machine's processors are wanted by others.

Idle time is not free for those who talk: processors share caches, memory and, often, a core. So what can wait does
not begin its next piece while calls keep the machine busy.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

BUSY = 0.5
"""The share of all processors that others may use before one waits."""
LOOK_EVERY = 0.5
STAT = Path("/proc/stat")


class Quiet:
    """Knows how busy others keep the processors (`proc(5)`, stat); looks every half second at most.

    `used` is the processor time of this process in seconds, `ticks` all and idle time of all processors since the
    start, in the same unit; `clock` monotonic seconds.
    """

    def __init__(
        self,
        *,
        ticks: Callable[[], tuple[float, float]] | None = None,
        used: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ticks, self._used, self._clock, self._sleep = ticks or machine_time, used, clock, sleep
        self._looked, self._was, self._mine = clock(), self._ticks(), used()
        self._busy = False

    def wait(self, until: float, unless: Callable[[], bool] = lambda: False) -> None:
        """Return once there is quiet, at `until` (monotonic seconds), or when there is another reason (`unless`)."""
        while self._is_busy() and not unless() and (left := until - self._clock()) > 0:
            self._sleep(min(LOOK_EVERY, left))

    def _is_busy(self) -> bool:
        now = self._clock()
        if now - self._looked < LOOK_EVERY:
            return self._busy
        (everything, idle), mine = self._ticks(), self._used()
        passed = everything - self._was[0]
        others = passed - (idle - self._was[1]) - (mine - self._mine)
        self._looked, self._was, self._mine = now, (everything, idle), mine
        self._busy = passed > 0 and others > BUSY * passed
        return self._busy


def machine_time() -> tuple[float, float]:
    """Seconds of all processors since the machine started, and how many of these were idle; zeros where nobody says."""
    try:
        fields = [int(field) for field in STAT.read_text("ascii").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return 0.0, 0.0
    hertz = os.sysconf("SC_CLK_TCK")
    return sum(fields) / hertz, (fields[3] + fields[4]) / hertz  # idle, and idle while a disk works
