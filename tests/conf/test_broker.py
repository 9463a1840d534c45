"""Who the broker lets in, what it bounds, and that it keeps what it took: against a real Mosquitto."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conf.broker import broker_folder, broker_pid, reload_broker, render_broker
from conf.children import Child, listens
from conf.settings import Settings
from conf.tools import Tools
from schema.desk.handsets import broker_hash
from schema.handsets import Handset
from tests.patience import LONG
from tests.real.mqtt import Peer

SECRET = "a secret of the handset"


def handset(device: str, *, secret: str = SECRET, blocked: bool = False) -> Handset:
    return Handset(device=device, secret=broker_hash(secret), blocked=blocked)


def broker(site: Settings, *devices: str) -> Child:
    main = render_broker(site, [handset(device) for device in devices])
    out = site.var / "log" / "mosquitto.out"
    tool = Tools(site.tools).mosquitto()
    return Child("Mosquitto", [tool, "-c", main], out, ready=lambda: listens(site.broker.port))


@pytest.fixture
def running(site: Settings) -> Iterator[Child]:
    child = broker(site, "one", "two").start().wait_ready()
    yield child
    child.stop()


def peer(site: Settings, name: str, secret: str = SECRET) -> Peer:
    return Peer(name, site.broker.secret if name == site.broker.user else secret, site.broker.port)


def test_what_is_rendered_is_closed_to_others(site: Settings) -> None:
    main = render_broker(site, [handset("one"), handset("gone", blocked=True), handset("gateway")])
    folder = broker_folder(site)
    assert {file.name for file in folder.iterdir()} == {"mosquitto.conf", "passwords", "access"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    people = [line.split(":")[0] for line in (folder / "passwords").read_text().splitlines()]
    assert people == ["gateway", *(f"gateway-positions-{n}" for n in range(1, 9)), "one"]
    assert SECRET not in (folder / "passwords").read_text() and site.broker.secret not in main.read_text()
    assert "allow_anonymous false" in main.read_text()
    assert f"listener {site.broker.port} 127.0.0.1" in main.read_text()
    assert "$" + "{" not in main.read_text()


def test_a_line_break_cannot_add_a_user(site: Settings) -> None:
    with pytest.raises(ValueError, match="line break"):
        render_broker(site, [Handset(device="one\nroot", secret=broker_hash("x"), blocked=False)])


def test_nobody_is_told_when_no_broker_runs(site: Settings) -> None:
    assert reload_broker(site, [handset("one")]) is False
    (broker_folder(site) / "pid").write_text("1\n")
    assert broker_pid(site) == 0  # somebody else's process now


@pytest.mark.real
def test_the_broker_knows_its_people_and_nobody_else(site: Settings, running: Child) -> None:
    assert broker_pid(site) == running.pid
    for name, secret, expected in (
        ("one", SECRET, "Success"),
        ("gateway", site.broker.secret, "Success"),
        ("one", "wrong", "Not authorized"),
        ("three", SECRET, "Not authorized"),
        ("", "", "Not authorized"),
    ):
        client = Peer(name, secret, site.broker.port, client_id=name or "nobody")
        assert str(client.connected()) == expected, name
        client.close()


@pytest.mark.real
def test_a_hash_of_mosquitto_passwd_is_of_the_same_kind(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.touch(0o600)
    subprocess.run([Tools(tmp_path).mosquitto_passwd(), "-b", file, "one", SECRET], check=True)
    _, kind, rounds, salt, digest = file.read_text().strip().split("$")
    import base64

    again = broker_hash(SECRET, base64.b64decode(salt), int(rounds))
    assert again == f"${kind}${rounds}${salt}${digest}"


@pytest.mark.real
def test_a_device_writes_and_reads_its_own_topics_only(site: Settings, running: Child) -> None:
    one, two, gateway = peer(site, "one"), peer(site, "two"), peer(site, "gateway")
    one.subscribe("gridline/one/down/#")
    one.subscribe("gridline/two/down/#")
    one.subscribe("gridline/+/up/#")
    one.subscribe("$SYS/#")
    gateway.subscribe("gridline/+/up/#")
    assert one.publish("gridline/one/up/report", b"mine") == 0
    for topic in (
        "gridline/two/up/report",
        "gridline/one/down/task",
        "gridline/x",
        "other",
        "gridline/two/down/task",
    ):
        assert one.publish(topic, b"not mine") == 135, topic
    assert two.publish("gridline/two/up/report", b"of two") == 0
    assert gateway.publish("gridline/two/down/task", b"for two") in (0, 16)
    assert gateway.publish("gridline/one/down/task", b"for one") == 0
    gateway.wait(2)
    one.wait(1)
    time.sleep(0.3)
    assert [body for _, body in gateway.heard] == [b"mine", b"of two"]
    assert one.heard == [("gridline/one/down/task", b"for one")]
    for client in (one, two, gateway):
        client.close()


@pytest.mark.real
def test_nobody_takes_over_another_session_by_its_client_id(site: Settings, running: Child) -> None:
    gateway = peer(site, "gateway")
    thief = Peer("one", SECRET, site.broker.port, client_id="gateway")
    assert str(thief.connected()) == "Success"
    assert gateway.publish("gridline/one/down/task", b"x") in (0, 16)
    assert gateway.losses == []
    thief.close()
    gateway.close()


@pytest.mark.real
def test_an_oversized_packet_ends_the_connection_with_the_reason(site: Settings, running: Child) -> None:
    one, two = peer(site, "one"), peer(site, "two")
    assert one.max_packet == site.broker.max_packet
    one.publish("gridline/one/up/report", b"x" * site.broker.max_packet, wait=False)
    assert one.lost(5) == "Packet too large"
    assert two.publish("gridline/two/up/report", b"x") in (0, 16) and two.losses == []
    one.close()
    two.close()


@pytest.mark.real
def test_handsets_come_and_go_without_a_restart(site: Settings, running: Child) -> None:
    one, two = peer(site, "one"), peer(site, "two")
    assert reload_broker(site, [handset("two"), handset("three")])
    assert one.lost(5)
    assert str(one.connected()) == "Not authorized"
    assert two.publish("gridline/two/up/report", b"x") in (0, 16) and two.losses == []
    three = peer(site, "three")
    assert str(three.connected()) == "Success"
    for client in (one, two, three):
        client.close()


@pytest.mark.real
def test_thousands_for_one_who_is_away_survive_kill_9(site: Settings, running: Child) -> None:
    gateway = peer(site, "gateway")
    gateway.subscribe("gridline/+/up/#")
    gateway.close()
    one = peer(site, "one")
    for number in range(3000):
        one.publish("gridline/one/up/report", str(number).encode(), wait=False)
    one.settle(4 * LONG)
    time.sleep(6.5)  # the autosave
    running.kill()
    one.close()
    again = broker(site, "one", "two").start().wait_ready()
    try:
        gateway = peer(site, "gateway")
        gateway.wait(3000, 30)
        assert [int(body) for _, body in gateway.heard] == list(range(3000))
        gateway.close()
    finally:
        again.stop()


def test_no_answer_waits_for_the_acknowledgement_of_the_one_before(site: Settings) -> None:
    """From outside it is a matter of time only; the broker refuses a setting that it does not know."""
    assert "set_tcp_nodelay true" in render_broker(site, []).read_text("utf-8").splitlines()


@pytest.mark.real
def test_an_exchange_leaves_no_thread_behind(site: Settings, running: Child) -> None:
    one = peer(site, "one")
    for _ in range(50):
        one.publish("gridline/one/up/report", b"x")
    one.close()
    assert threading.active_count() < 50
