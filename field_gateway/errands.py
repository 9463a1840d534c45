"""Errands: which task goes to which device, and when again. Pure; times are seconds of a monotonic clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
SHORTEST_LIFE = 60


@dataclass(slots=True)
class _Errand:
    pause: float
    due: float


class Errands:
    """Tasks to be sent to devices, each again after a growing pause until it is called off."""

    def __init__(self, first: float = FIRST_PAUSE, longest: float = LONGEST_PAUSE) -> None:
        self._first = first
        self._longest = longest
        self._open: dict[tuple[str, UUID], _Errand] = {}

    def want(self, device: str, tasks: Iterable[UUID], now: float, *, afresh: bool = False) -> None:
        """These tasks, and no others, are open for a device; new ones (all, if `afresh`) are due at once."""
        wanted = {(device, task) for task in tasks}
        for key in [key for key in self._open if key[0] == device and key not in wanted]:
            del self._open[key]
        for key in wanted:
            if afresh or key not in self._open:
                self._open[key] = _Errand(self._first, now)

    def devices(self) -> set[str]:
        """Devices that something is open for."""
        return {device for device, _ in self._open}

    def take_due(self, now: float) -> list[tuple[str, UUID, int]]:
        """(device, task, seconds after which this sending is moot) of what is due; the pause doubles.

        The life of a sending ends about when the next begins, so that they do not pile up for a device that
        is away.
        """
        due = []
        for (device, task), errand in self._open.items():
            if errand.due <= now:
                due.append((device, task, max(SHORTEST_LIFE, int(2 * errand.pause))))
                errand.due = now + errand.pause
                errand.pause = min(2 * errand.pause, self._longest)
        return due

    def __len__(self) -> int:
        return len(self._open)
