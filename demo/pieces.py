"""Which piece of a photo a handset sends next: a few ahead of what the server has, so that the line is never idle.

Never more ahead than that: words written now wait behind what is on its way. Pure; times are seconds (monotonic).
"""

from dataclasses import dataclass, field

AHEAD = 2
"""Pieces that may be on their way."""


@dataclass(slots=True)
class Pieces:
    """Pieces of `size` bytes; without a receipt for `patience` seconds it begins again at what is known to be there."""

    size: int
    patience: float
    _flown: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)

    def take(self, photo: str, received: int, whole: int, now: float) -> tuple[int, int] | None:
        """Where the next piece begins and ends, now on its way; None when nothing is to be sent yet."""
        if now >= self._not_before.get(photo, now):
            if photo in self._not_before:
                self._flown.pop(photo, None)
        elif photo not in self._flown:
            return None  # put off
        begin = max(received, self._flown.get(photo, 0))
        end = min(begin + self.size, whole)
        if begin >= end or end > received + AHEAD * self.size:
            return None
        self._flown[photo], self._not_before[photo] = end, now + self.patience
        return begin, end

    def answered(self, photo: str, status: str, now: float, after: float = 0.0) -> None:
        """A receipt came. Refused or put off (`after` seconds): what is on its way behind it is, too."""
        if status in ("refused", "later"):
            self._flown.pop(photo, None)
            self._not_before[photo] = now + after
        elif photo in self._not_before:
            self._not_before[photo] = now + self.patience

    def forget(self) -> None:
        """The line is gone, and what was on its way with it."""
        self._flown.clear()
        self._not_before.clear()
