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
        self._full: float | None = None
        self._crowded: float | None = None

    def level(self, is_full: bool, now: float) -> int:
        """What is to be sent away, when there are now as many messages as one takes at once (`is_full`) or fewer."""
        self._full = (self._full if self._full is not None else now) if is_full else None
        crowded = self._reports() > self._most
        self._crowded = (self._crowded if self._crowded is not None else now) if crowded else None
        for_long = [since is not None and now - since >= self._busy for since in (self._crowded, self._full)]
        # Those of now are few and cheap: they go on beside waiting reports, unless they are too many themselves.
        return (NONE, BACKLOG, ALL)[sum(for_long)]


def later(level: int, turn: int) -> int:
    """Seconds after which a handset sent away should come again: spread, so that they do not come at once."""
    return (20 if level == ALL else 60) + turn % 60
