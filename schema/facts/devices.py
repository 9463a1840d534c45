"""Facts about handsets as devices: who may come in, and who fell silent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFact(Fact):
    """Something happened to an enrolled device. `by` is who did it; None: a program."""

    device: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetBlocked(DeviceFact):
    """It is let in no more."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetUnblocked(DeviceFact):
    """It is let in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetKeyRevoked(DeviceFact):
    """What is signed with its key is believed no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetSilent(DeviceFact):
    """Nothing was heard of it for long though its worker is on duty; `since` when it was last heard of."""

    worker: UUID
    since: datetime
