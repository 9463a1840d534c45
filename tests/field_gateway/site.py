"""A field service on real parts for tests: broker, database, bus, gateway; and the handsets on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conf.broker import render_broker
from conf.children import Child, listens
from conf.settings import Settings
from conf.tools import Tools
from demo.handset import Handset
from field_gateway.service import Gateway
from schema.bus_memory import MemoryBus
from schema.desk.handsets import enrolled
from schema.relay import Relay
from schema.store import Store
from tests.field_gateway.play import SECRET, Street
from tests.patience import LONG


class FieldSite:
    """The parts of one site, each of which may be stopped and started again."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        self.street = Street(store)
        self.broker = self._broker()
        self._parts: list[Relay | MemoryBus | Gateway] = []
        self._handsets: list[Handset] = []

    def start_broker(self) -> None:
        """Start the broker (again)."""
        self.broker = self._broker().start().wait_ready()

    def start_gateway(self) -> Gateway:
        """Start the gateway in this process, with a bus and a relay."""
        bus = MemoryBus(self.store)
        relay, gateway = Relay(self.store, bus), Gateway(self.settings, self.store, bus)
        bus.start()
        relay.start()
        gateway.start()
        assert gateway.link.connected.wait(LONG)
        self._parts += [bus, relay, gateway]
        return gateway

    def stop_gateway(self) -> None:
        """Stop the gateway in good order."""
        while self._parts:
            self._parts.pop().stop()

    def handset(
        self, folder: Path, device: str = "hs1", *, resend: float = 3, online: bool = True
    ) -> Handset:
        """A handset of the street, online."""
        made = Handset(device, SECRET, "127.0.0.1", self.settings.broker.port, folder / device, resend=resend)
        self._handsets.append(made)
        if online:
            assert made.go_online()
        return made

    def close(self) -> None:
        """End everything."""
        for handset in self._handsets:
            handset.close()
        self.stop_gateway()
        self.broker.stop()

    def _broker(self) -> Child:
        with self.store.read() as session:
            main = render_broker(self.settings, enrolled(session))
        return Child(
            "Mosquitto",
            [Tools(self.settings.tools).mosquitto(), "-c", main],
            self.settings.var / "log" / "mosquitto.out",
            ready=lambda: listens(self.settings.broker.port),
        )


@contextmanager
def field_site(settings: Settings, store: Store, *, gateway: bool = True) -> Iterator[FieldSite]:
    """A field site for the length of the block."""
    site = FieldSite(settings, store)
    site.start_broker()
    try:
        if gateway:
            site.start_gateway()
        yield site
    finally:
        site.close()
