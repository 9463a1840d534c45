"""What the parts of the door share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from conf.settings import Settings
from field_gateway.intake import Answer
from field_gateway.shelf import Shelf
from schema.pace import Pace
from schema.sealing import Sealer
from schema.store import Store

HASHERS = 2
"""Passwords checked at once: argon2 takes 64 MB for each."""


class Taking(Protocol):
    """What takes messages: see `field_gateway.intake.Intake`."""

    def take(self, topic: str, body: bytes, properties: list[tuple[str, str]]) -> Answer | None:
        """Take one message; committed when it returns. Raises StoreUnreachable, OSError."""

    def give_up(self, topic: str, body: bytes, why: str = "") -> Answer | None:
        """What is answered to a message that fails in a way nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Room:
    """The site, its store, who takes messages, and how the broker learns of a new handset (`admit`).

    `shelf` is where photos are put together. `tries` bounds wrong codes, and wrong secrets of a name, of an address,
    `logins` tries to log in on a device.
    """

    settings: Settings
    store: Store
    intake: Taking
    admit: Callable[[], None]
    shelf: Shelf
    tries: Pace
    logins: Pace
    hashing: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(HASHERS))

    @property
    def sealer(self) -> Sealer:
        """Opens the secrets of second factors: the key of the back office."""
        named = self.settings.door.key_file
        return Sealer(Path(named) if named else self.settings.var / "keys" / "door.key")
