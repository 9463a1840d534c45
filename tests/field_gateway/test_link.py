"""The session with the broker: nothing is lost when a handler fails, a connection ends, or a number is reused."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from conf.broker import reload_broker, render_broker
from conf.children import Child, listens
from conf.settings import Settings
from conf.tools import Tools
from field_gateway.link import RECEIVE_MAXIMUM, Arrived, Link
from schema.desk.handsets import broker_hash
from schema.handsets import Handset
from tests.patience import LONG, until
from tests.real.mqtt import Peer

SECRET = "sixteen letters!"


def start_broker(site: Settings) -> Child:
    main = render_broker(site, [Handset(device="hs1", secret=broker_hash(SECRET), blocked=False)])
    out = site.var / "log" / "mosquitto.out"
    argv = [Tools(site.tools).mosquitto(), "-c", main]
    return Child("Mosquitto", argv, out, ready=lambda: listens(site.broker.port)).start().wait_ready()


@pytest.fixture
def broker(site: Settings) -> Iterator[list[Child]]:
    children = [start_broker(site)]
    yield children
    for child in children:
        child.stop()


class Ear:
    """What a link hears."""

    def __init__(self, site: Settings) -> None:
        self.heard: list[Arrived] = []
        self.lost: list[int] = []
        self.fail_on = b""
        self.link = Link(site.broker, self._hear, self.lost.append)

    def _hear(self, arrived: Arrived) -> None:
        if arrived.body == self.fail_on:
            raise RuntimeError("a bug")
        self.heard.append(arrived)

    def bodies(self) -> list[bytes]:
        return [one.body for one in self.heard]


@pytest.fixture
def ear(site: Settings, broker: list[Child]) -> Iterator[Ear]:
    ear = Ear(site)
    ear.link.start()
    assert ear.link.connected.wait(LONG)
    time.sleep(0.1)  # the subscription
    yield ear
    ear.link.stop()


def test_no_write_waits_for_the_acknowledgement_of_the_one_before(ear: Ear) -> None:
    sock = ear.link._client.socket()
    assert sock is not None and sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def hs1(site: Settings, broker: list[Child]) -> Iterator[Peer]:
    peer = Peer("hs1", SECRET, site.broker.port)
    yield peer
    peer.close()


def say(peer: Peer, *bodies: bytes) -> None:
    for body in bodies:
        peer.publish("gridline/hs1/up/report", body, user=[("offset", "7")])


@pytest.mark.real
def test_what_is_not_acknowledged_comes_again_and_what_is_does_not(
    site: Settings, ear: Ear, hs1: Peer
) -> None:
    say(hs1, b"one", b"two")
    until(lambda: len(ear.heard) == 2)
    assert ear.heard[0].properties == [("offset", "7")]
    assert ear.link.acknowledge(ear.heard[0])
    time.sleep(0.2)
    ear.link.stop()
    assert ear.lost == [0]
    again = Ear(site)
    again.link.start()
    until(lambda: again.heard)
    time.sleep(0.3)
    assert again.bodies() == [b"two"]
    assert again.link.acknowledge(again.heard[0])
    time.sleep(0.2)
    again.link.stop()


@pytest.mark.real
def test_a_handler_that_raises_does_not_make_it_deaf(ear: Ear, hs1: Peer) -> None:
    ear.fail_on = b"bad"
    say(hs1, b"bad", b"good")
    until(lambda: ear.bodies() == [b"good"])


@pytest.mark.real
def test_a_renewed_connection_brings_what_was_not_acknowledged(ear: Ear, hs1: Peer) -> None:
    say(hs1, b"one")
    until(lambda: ear.bodies() == [b"one"])
    ear.link.renew()
    until(lambda: ear.lost == [0] and ear.bodies() == [b"one", b"one"])
    assert ear.link.acknowledge(ear.heard[-1])


@pytest.mark.real
def test_an_acknowledgement_never_crosses_connections(site: Settings, ear: Ear, hs1: Peer) -> None:
    say(hs1, b"one")
    until(lambda: ear.heard)
    handsets = [Handset(device="hs1", secret=broker_hash(SECRET), blocked=False)]
    reload_broker(replace(site, broker=replace(site.broker, secret="changed")), handsets)
    until(lambda: ear.lost == [0])
    reload_broker(site, handsets)
    until(lambda: len(ear.heard) == 2)
    first, second = ear.heard
    assert (first.body, second.body) == (b"one", b"one") and second.epoch > first.epoch
    assert not ear.link.acknowledge(first)
    assert ear.link.acknowledge(second)


@pytest.mark.real
def test_the_broker_hands_over_no_more_than_the_gateway_can_hold(ear: Ear, hs1: Peer) -> None:
    for number in range(RECEIVE_MAXIMUM + 40):
        hs1.publish("gridline/hs1/up/report", str(number).encode(), wait=False)
    hs1.settle(10)
    until(lambda: len(ear.heard) == RECEIVE_MAXIMUM)
    time.sleep(0.5)
    assert len(ear.heard) == RECEIVE_MAXIMUM
    for arrived in list(ear.heard):
        assert ear.link.acknowledge(arrived)
    until(lambda: len(ear.heard) == RECEIVE_MAXIMUM + 40)
    assert [int(body) for body in ear.bodies()] == list(range(RECEIVE_MAXIMUM + 40))


@pytest.mark.real
def test_taken_is_told_only_when_somebody_gets_it(ear: Ear, hs1: Peer) -> None:
    told = threading.Event()
    ear.link.publish("gridline/hs9/down/task", b"for nobody", taken=told.set)
    assert not told.wait(0.5)
    hs1.subscribe("gridline/hs1/down/#")
    ear.link.publish("gridline/hs1/down/task", b"for hs1", expires=60, taken=told.set)
    assert told.wait(LONG)
    hs1.wait(1)
    assert hs1.heard == [("gridline/hs1/down/task", b"for hs1")]


@pytest.mark.real
def test_a_sending_that_is_moot_is_not_delivered_late(site: Settings, ear: Ear, hs1: Peer) -> None:
    hs1.subscribe("gridline/hs1/down/#")
    hs1.close()
    ear.link.publish("gridline/hs1/down/task", b"old", expires=1)
    ear.link.publish("gridline/hs1/down/task", b"new", expires=60)
    time.sleep(2.5)
    back = Peer("hs1", SECRET, site.broker.port)
    back.wait(1)
    time.sleep(0.3)
    assert [body for _, body in back.heard] == [b"new"]
    back.close()


@pytest.mark.real
def test_it_starts_before_its_broker_and_finds_it_later(site: Settings) -> None:
    ear = Ear(site)
    ear.link.start()
    assert not ear.link.connected.wait(0.5)
    ear.link.publish("gridline/hs1/down/receipt", b"waits")
    child = start_broker(site)
    try:
        assert ear.link.connected.wait(LONG)
    finally:
        ear.link.stop()
        child.stop()


@pytest.mark.real
def test_a_refused_gateway_says_so_and_goes_on_trying(
    site: Settings, broker: list[Child], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = Link(replace(site.broker, secret="wrong"), lambda _: None, lambda _: None)
    wrong.start()
    time.sleep(2.5)
    assert not wrong.connected.is_set()
    wrong.stop()
    assert capsys.readouterr().out.count("refuses the gateway: Not authorized") == 1
