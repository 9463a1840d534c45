"""Facts about calls that we place: the do-not-call list (免打扰). They say no number: the entry does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBlocked(Fact):
    """A number is on the do-not-call list from now on."""

    entry: UUID
    until: datetime | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLifted(Fact):
    """An entry was taken off the do-not-call list."""

    entry: UUID
    by: UUID | None = None
