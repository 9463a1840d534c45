"""The bus: carries published outbox rows to groups of listeners, and live words that nobody keeps.

Two buses pass the same tests: `schema.bus_memory` (one process; the log is the outbox table) and
`schema.bus_redis` (Redis Streams).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.facts import Fact
from schema.orders import Order


@dataclass(frozen=True, slots=True)
class Envelope:
    """A published message: `seq` its place in the published order, `key` its own id for the idempotent."""

    seq: int
    key: UUID
    name: str
    at: datetime
    message: Fact | Order


Handler = Callable[[Envelope], None]
LiveHandler = Callable[[bytes], None]


class Bus(Protocol):
    """At-least-once delivery in published order to every durable group; one live channel besides."""

    def subscribe(
        self, group: str, kinds: Collection[type[Fact] | type[Order]], handler: Handler, *, durable: bool = True
    ) -> None:
        """Call `handler` on a thread of the bus for each message of `kinds` (subclasses included; empty: all).

        Durable: each message is handled by one member of the group, again until it does not raise (then set
        aside as a dead letter), from where the group stopped. Not durable: from now on, by this process alone.
        Must be called before `start`.
        """

    def shout(self, topic: str, payload: bytes) -> None:
        """Tell every process now listening on `topic`; nothing is kept, nothing is promised. Never raises."""

    def hear(self, topic: str, handler: LiveHandler) -> None:
        """Call `handler` (on a thread of the bus) with each payload shouted on `topic` (own process included)."""

    def start(self) -> None:
        """Start to deliver."""

    def wake(self) -> None:
        """Rows were committed to the outbox: look now. Cheap, from any thread."""

    def stop(self) -> None:
        """Stop delivering; returns when the handlers in hand are done (5 s at most)."""
