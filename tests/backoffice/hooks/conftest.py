"""A town whose facts are told, and a receiver for them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backoffice.hooks.post import Post
from backoffice.hooks.sender import Sender
from backoffice.hooks.teller import KNOWN, Teller
from conf.hooks import Hooks
from schema.bus import Envelope
from schema.desk import webhooks
from schema.facts import Fact
from schema.ids import uuid7
from schema.webhooks import Delivery, Webhook
from tests.backoffice.conftest import Town
from tests.backoffice.hooks.receiver import Receiver, receiving

SETTINGS = Hooks(secret="the site's own", allow=("127.0.0.1",), timeout=5.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


class Tellers:
    """Subscriptions, what is told to them, and a sender that sends when it is asked."""

    def __init__(self, town: Town) -> None:
        self.town, self.woken = town, 0
        self.teller = Teller(town.store, "12345", self.wake)
        self.sender = Sender(town.store, SETTINGS, Post(SETTINGS.allow, SETTINGS.timeout), chance=lambda: 0.5)
        self.seq = 0

    def wake(self) -> None:
        self.woken += 1

    def hook(self, url: str, *events: str, **more: Any) -> Webhook:
        wanted: dict[str, Any] = {
            "id": uuid7(), "name": f"h{uuid7().hex[-8:]}", "kind": "webhook", "form": "json", "url": url,
            "events": events or ("calls",), "by": self.town.users["admin"].id, "known": KNOWN,
        }  # fmt: skip
        with self.town.store.work() as work:
            return webhooks.add(work, **wanted | more)

    def tell(self, fact: Fact, key: UUID | None = None) -> UUID:
        self.seq += 1
        key = key or uuid7()
        self.teller.hear(Envelope(self.seq, key, type(fact).__name__, fact.at, fact))
        return key

    def log(self) -> list[Delivery]:
        with self.town.store.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.seq, Delivery.id)))

    def look(self, hook: Webhook) -> Webhook:
        with self.town.store.read() as session:
            return session.get_one(Webhook, hook.id)


@pytest.fixture
def tellers(town: Town) -> Tellers:
    return Tellers(town)
