"""Facts about handsets as devices: who may come in, and who fell silent."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact


class DeviceFact(Fact, frozen=True, kw_only=True):
    """Something happened to an enrolled device. `by` is who did it; None: a program."""

    device: str
    by: UUID | None = None


class HandsetBlocked(DeviceFact, frozen=True, kw_only=True):
    """It is let in no more."""

    reason: str


class HandsetUnblocked(DeviceFact, frozen=True, kw_only=True):
    """It is let in again."""


class HandsetKeyRevoked(DeviceFact, frozen=True, kw_only=True):
    """What is signed with its key is believed no more."""


class HandsetSilent(DeviceFact, frozen=True, kw_only=True):
    """Nothing was heard of it for long though its worker is on duty; `since` when it was last heard of."""

    worker: UUID
    since: datetime
