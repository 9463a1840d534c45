"""Retention: which recordings are past their time. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept recording as retention sees it: when, of which class, and whether a legal hold is on it."""

    recording: UUID
    kept_at: datetime
    class_: str
    held: bool = False


def past(kept: Iterable[Kept], days: Mapping[str, int], now: datetime) -> list[UUID]:
    """Those whose class's days are over at `now`, oldest first. A hold keeps; a class without days is kept for good."""
    over = [
        k
        for k in kept
        if not k.held and k.class_ in days and k.kept_at + timedelta(days=days[k.class_]) <= now
    ]
    return [k.recording for k in sorted(over, key=lambda k: k.kept_at)]
