"""A site with a bus on its store: both buses, both databases."""

from collections.abc import Iterator

import pytest

from conf.privateredis import PrivateRedis
from schema.bus import Carrier
from schema.bus_memory import MemoryBus
from schema.bus_redis import RedisBus
from schema.ids import uuid7
from schema.relay import Relay
from schema.store import Store
from tests.schema.play import Heard

QUICK = (0.01, 0.02)


class Site:
    """One database and one bus on it; `process` makes what a process of the site has."""

    def __init__(self, store: Store, url: str) -> None:
        self.store = store
        self.url = url
        self.prefix = f"test{uuid7().hex}"
        self._running: list[tuple[Carrier, Relay]] = []

    def bus(self) -> Carrier:
        """A bus not started yet."""
        if not self.url:
            return MemoryBus(self.store, pauses=QUICK, save_every=0.05)
        return RedisBus(self.url, self.prefix, self.store, pauses=QUICK, claim_after=1.0)

    def start(self, bus: Carrier) -> Carrier:
        """Start it with a relay."""
        relay = Relay(self.store, bus)
        self._running.append((bus, relay))
        bus.start()
        relay.start()
        return bus

    def stop(self, bus: Carrier) -> None:
        """Stop it and its relay."""
        (relay,) = [r for b, r in self._running if b is bus]
        self._running.remove((bus, relay))
        relay.stop()
        bus.stop()

    def stop_all(self) -> None:
        """Stop whatever runs."""
        for bus, _ in list(self._running):
            self.stop(bus)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.real)])
def town(request: pytest.FixtureRequest, store: Store) -> Iterator[Site]:
    """The site, on each bus."""
    redis: PrivateRedis | None = request.getfixturevalue("redis") if request.param == "redis" else None
    town = Site(store, redis.url if redis else "")
    yield town
    town.stop_all()


def running(town: Site, *groups: tuple[str, Heard]) -> Carrier:
    """A bus with these groups, started."""
    bus = town.bus()
    for group, heard in groups:
        bus.subscribe(group, (), heard)
    return town.start(bus)
