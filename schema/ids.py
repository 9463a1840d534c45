"""Ids: UUID version 7 (RFC 9562 section 5.7), made at the edge and carried everywhere."""

import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import NewType
from uuid import UUID

ContactId = NewType("ContactId", UUID)
"""One approach of a citizen to the city and all that follows from it, from the first ring to the rating."""
CallId = NewType("CallId", UUID)
"""One telephone call. The first call of a contact has the contact's id; a call-back has its order's id."""
CaseId = NewType("CaseId", UUID)
TaskId = NewType("TaskId", UUID)


def uuid7(unix_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    random = int.from_bytes(os.urandom(10), "big")
    high = (random >> 62) & 0x0FFF
    low = random & ((1 << 62) - 1)
    return UUID(int=(unix_ms() & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


@lru_cache(maxsize=2_048)  # the PBX says the ids of the calls that are up again and again
def as_id(text: str) -> UUID:
    """The UUID written in `text`; raises ValueError for anything but the 36 or 32 digit form."""
    if len(text) not in (32, 36):
        raise ValueError(f"not an id: {text[:40]!r}")
    return UUID(text)
