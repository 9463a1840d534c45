"""Pressure: when positions have to wait, so that reports need not, nor those of now for those of before. Pure.

Times are seconds of a monotonic clock.
"""

from collections.abc import Callable

BUSY = 3.0
"""Seconds for which there must have been more than could be taken before anything is sent away."""
REPORTS = 80
"""Other messages that wait in this process, above which positions are in their way."""
LIVE = 120.0
"""Seconds: positions newer than this are those of now."""

NONE, BACKLOG, ALL = 0, 1, 2
"""What is sent away: nothing, positions of before, all positions."""


class Pressure:
    """`reports` tells how many other messages wait."""

    def __init__(self, reports: Callable[[], int], *, busy: float = BUSY, most: int = REPORTS) -> None:
        self._reports = reports
        self._busy, self._most = busy, most
        self._since: dict[str, float] = {}

    def level(self, is_full: bool, of_now: bool, now: float) -> int:
        """What is to be sent away, when there are now as many messages as one takes at once (`is_full`) or fewer.

        `of_now`: those of now alone are as many. They are few and cheap as a rule, and go on beside waiting reports.
        """
        is_crowded = self._lasts("reports", self._reports() > self._most, now)
        is_full, of_now = self._lasts("all", is_full, now), self._lasts("of now", of_now, now)
        if is_crowded and of_now:
            return ALL
        return BACKLOG if is_crowded or is_full else NONE

    def _lasts(self, what: str, is_so: bool, now: float) -> bool:
        """Whether it has been so for long."""
        if not is_so:
            self._since.pop(what, None)
            return False
        return now - self._since.setdefault(what, now) >= self._busy


def later(level: int, turn: int) -> int:
    """Seconds after which a handset sent away should come again: spread, so that they do not come at once."""
    return (20 if level == ALL else 60) + turn % 60
