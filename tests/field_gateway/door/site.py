"""The door for tests: on a store of the test's own, listening on the loopback, asked by plain HTTP from a thread."""

import base64
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from conf.settings import Settings
from field_gateway.door.service import Door
from field_gateway.intake import Intake
from field_gateway.shelf import Shelf
from schema.bus_memory import MemoryBus
from schema.desk.enrolling import make_code
from schema.people import User
from schema.store import Store
from tests.field_gateway.play import SECRET, Street
from tests.patience import LONG


@dataclass
class Told:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The object it holds."""
        return json.loads(self.body)


@dataclass
class House:
    """A door that listens, and the street behind it. `admitted` counts how often the broker was told."""

    settings: Settings
    store: Store
    street: Street
    door: Door
    bus: MemoryBus
    admitted: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> "Deferred[Told]":
        """Ask on a thread; `headers` with "_" for "-"."""
        return deferToThread(ask, self.door.port, method, path, body, headers)

    def code(self, worker: User | None = None, device: str = "") -> str:
        """A code that enrols a handset."""
        with self.store.work() as work:
            one = worker or self.street.one
            return make_code(work, worker=one.id, by=None, lasts=timedelta(minutes=15), device=device)


def basic(device: str = "hs1", secret: str = SECRET) -> str:
    """The header of a device."""
    return "Basic " + base64.b64encode(f"{device}:{secret}".encode()).decode()


def ask(port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Told:
    """One exchange over a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        names = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        line.request(method, path, body or None, names)
        answer = line.getresponse()
        return Told(answer.status, dict(answer.headers), answer.read())
    finally:
        line.close()


@asynccontextmanager
async def house(site: Settings, url: str, **changed: Any) -> AsyncIterator[House]:
    """A door for the length of the block; `changed` settings of [field]."""
    settings = replace(site, field=replace(site.field, **changed))
    store = Store(url)
    bus = MemoryBus(store)
    admitted: list[int] = []
    door = Door(
        settings, store, bus, Intake(store, Shelf(settings.vault)), reactor, lambda: admitted.append(1)
    )
    made = House(settings, store, Street(store), door, bus, admitted)
    bus.start()
    door.start()
    try:
        yield made
    finally:
        await door.stop()
        bus.stop()
        store.close()


def password(house: House, user: User, said: str = "a lamp on the lake") -> str:
    """Give a worker a password of their own."""
    from schema.desk.passwords import hashed

    with house.store.work() as work:
        row = work.session.get_one(User, user.id)
        row.password, row.password_at = hashed(said), work.now
    return said


def vendored(folder: Path) -> Path:
    """A folder with what set-up would bundle."""
    (folder / "mqtt.js").write_text("export default 1")
    return folder
