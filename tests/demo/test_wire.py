"""The handset's session with a real broker."""

import socket
import threading
from collections.abc import Iterator

import pytest

from conf.broker import render_broker
from conf.children import Child, listens
from conf.settings import Settings
from conf.tools import Tools
from demo.wire import Wire
from schema.desk.handsets import broker_hash
from schema.handsets import Handset
from tests.patience import LONG
from tests.real.mqtt import Peer

pytestmark = pytest.mark.real
SECRET = "sixteen letters!"


@pytest.fixture
def broker(site: Settings) -> Iterator[Child]:
    main = render_broker(site, [Handset(device="hs1", secret=broker_hash(SECRET), blocked=False)])
    argv = [Tools(site.tools).mosquitto(), "-c", main]
    child = Child("Mosquitto", argv, site.var / "log" / "m.out", ready=lambda: listens(site.broker.port))
    yield child.start().wait_ready()
    child.stop()


class Ear:
    """A wire and what it heard."""

    def __init__(self, site: Settings, secret: str = SECRET) -> None:
        self.changed = threading.Condition()
        self.down: list[tuple[str, bytes]] = []
        self.wire = Wire("hs1", secret, "127.0.0.1", site.broker.port, self._hear, self._change)

    def _hear(self, what: str, body: bytes) -> None:
        if body == b"bad":
            raise ValueError("a bug")
        with self.changed:
            self.down.append((what, body))
            self.changed.notify_all()

    def _change(self) -> None:
        with self.changed:
            self.changed.notify_all()


def test_what_comes_while_away_is_there_on_coming_back(site: Settings, broker: Child) -> None:
    ear, gateway = Ear(site), Peer("gateway", site.broker.secret, site.broker.port)
    gateway.subscribe("gridline/+/up/#")
    ear.wire.start()
    with ear.changed:
        assert ear.changed.wait_for(lambda: ear.wire.is_connected, LONG)
    assert ear.wire.max_packet == site.broker.max_packet
    assert ear.wire._client is not None and (sock := ear.wire._client.socket()) is not None
    assert sock.getsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY
    )  # else a write waits for an acknowledgement
    ear.wire.publish("up/report", b"hello")
    gateway.wait(1)
    assert gateway.heard == [("gridline/hs1/up/report", b"hello")]
    ear.wire.stop()
    ear.wire.publish("up/report", b"into the air")
    for body in (b"bad", b"good"):
        assert gateway.publish("gridline/hs1/down/receipt", body) == 0
    ear.wire.start()
    with ear.changed:
        assert ear.changed.wait_for(lambda: ear.down, LONG)
    assert ear.down == [("receipt", b"good")]
    ear.wire.stop()
    gateway.close()


def test_a_wrong_secret_is_told(site: Settings, broker: Child) -> None:
    ear = Ear(site, "wrong")
    ear.wire.start()
    with ear.changed:
        assert ear.changed.wait_for(lambda: bool(ear.wire.refusal), LONG)
    assert ear.wire.refusal == "Not authorized" and not ear.wire.is_connected
    ear.wire.stop()
