"""The bus: carries published outbox rows to groups of listeners, and live words that nobody keeps.

Two buses pass the same tests: `schema.bus_memory` (one process; the log is the outbox table) and
`schema.bus_redis` (Redis Streams).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from schema.facts import Fact
from schema.orders import Order
from schema.wire import from_body


class BusDown(Exception):
    """The bus cannot take messages now; they stay in the outbox. The text is for people."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A published message: `seq` its place in the published order, `key` its own id for the idempotent."""

    seq: int
    key: UUID
    name: str
    at: datetime
    message: Fact | Order


@dataclass(frozen=True, slots=True)
class Letter:
    """A published message still closed: `body` as JSON types. What travels on a bus."""

    seq: int
    key: UUID
    name: str
    at: datetime
    body: dict[str, Any]

    def open(self) -> Envelope:
        """The message in it. Raises KeyError for a name this program does not know, msgspec.ValidationError."""
        return Envelope(self.seq, self.key, self.name, self.at, from_body(self.name, self.body))


Handler = Callable[[Envelope], None]
LiveHandler = Callable[[bytes], None]


class Bus(Protocol):
    """At-least-once delivery in published order to every durable group; one live channel besides."""

    @property
    def state(self) -> str:
        """ "up", or "down" while the bus does not answer (messages then wait in the outbox)."""

    def subscribe(
        self,
        group: str,
        kinds: Collection[type[Fact] | type[Order]],
        handler: Handler,
        *,
        durable: bool = True,
    ) -> None:
        """Call `handler` on a thread of the bus for each message of `kinds` (subclasses included; empty: all).

        Durable: each message is handled by one member of the group, from where the group stopped (a new group:
        the last 10,000 messages); again while it raises, with growing pauses, then set aside as a dead letter.
        StoreUnreachable is no failure of the message: it is tried until the database is back. A message may
        come more than once, so handlers are idempotent. Every member of a group subscribes to the same kinds.
        Not durable: from now on, by this process alone, once. Must be called before `start`.
        """

    def shout(self, topic: str, payload: bytes) -> None:
        """Tell every process now listening on `topic`; nothing is kept, nothing is promised. Never raises."""

    def hear(self, topic: str, handler: LiveHandler) -> None:
        """Call `handler`, on a thread of the bus, with each payload shouted on `topic`, by whatever process."""

    def start(self) -> None:
        """Start to deliver."""

    def wake(self) -> None:
        """Rows were committed to the outbox: look now. Cheap, from any thread."""

    def stop(self) -> None:
        """Stop delivering; returns when the handlers in hand are done (5 s at most)."""


class Carrier(Bus, Protocol):
    """A bus as the relay sees it, which is the one that puts messages on it."""

    def look(self) -> bool:
        """Whether the bus has lost messages and wants `place` to be called. Raises BusDown."""

    def place(self, session: Session, last: int) -> int:
        """The last place used, at least `last` (the outbox's own), after restoring what the bus has lost.

        Called with the relay's lock held, as is `carry`. Raises BusDown.
        """

    def carry(self, letters: Sequence[Letter]) -> None:
        """Take these, all or none, just before their places are committed. Raises BusDown."""

    def carried(self, letters: Sequence[Letter], after: int) -> None:
        """These, which follow the place `after`, are committed."""
