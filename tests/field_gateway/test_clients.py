"""Other people's clients, told what docs/field-protocol.md says: Mosquitto's own tools, and MQTT.js under Node."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conf.children import listens
from conf.settings import Settings
from conf.tools import Tools
from schema.cases import Task
from schema.desk.fieldmessages import send_field_message
from schema.fieldmessages import FieldMessageCopy
from schema.handsets import Handset, Report
from schema.ids import uuid7
from schema.orders import SendFieldMessage
from schema.store import Store
from tests.field_gateway.play import SECRET
from tests.field_gateway.site import FieldSite, field_site
from tests.patience import LONG, until

pytestmark = pytest.mark.real


@pytest.fixture
def field(site: Settings, sqlite_url: str) -> Iterator[FieldSite]:
    with field_site(site, Store(sqlite_url)) as made:
        yield made


class Hand:
    """mosquitto_pub and mosquitto_sub as the device hs1, with a key."""

    def __init__(self, field: FieldSite) -> None:
        self._field = field
        self._tools: Path = Tools(field.settings.tools).mosquitto_rr().parent
        self._key = Ed25519PrivateKey.generate()
        self._said: dict[str, list[str]] = {}
        with field.store.work() as work:
            work.session.get_one(Handset, "hs1").key = self._key.public_key().public_bytes_raw()

    def listen(self, topic: str, count: int, seconds: float = LONG) -> "subprocess.Popen[str]":
        """Hear so many messages; the broker keeps what comes before it is ready, once `ready` was asked for."""
        return subprocess.Popen(
            [*self._call("mosquitto_sub"), "-c", "-x", "3600", "-t", f"gridline/hs1/down/{topic}", "-C", str(count),
             "-W", f"{seconds:.0f}"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def subscribe(self) -> None:
        """Leave a session at the broker that keeps what comes down."""
        subprocess.run(
            [*self._call("mosquitto_sub"), "-c", "-x", "3600", "-t", "gridline/hs1/down/#", "-E"], check=True
        )

    def publish(self, kind: str, /, *, signed: bool = True, **content: object) -> str:
        """Send one message; its id."""
        id = str(uuid7())
        body = json.dumps(
            {"v": 1, "type": kind, "id": id, "seq": 1, "made": "2026-11-24T10:00:00Z", **content}
        )
        topic = f"gridline/hs1/up/{kind}"
        made = self._key.sign(f"gridline/1\n{topic}\n{body}".encode())
        sig = base64.urlsafe_b64encode(made).decode().rstrip("=")
        beside = ["-D", "publish", "user-property", "sig", sig] if signed else []
        self._said[id] = [
            *self._call("mosquitto_pub"), "-c", "-x", "3600", "-t", topic, "-m", body, *beside,
            "-D", "publish", "message-expiry-interval", "604800",
        ]  # fmt: skip
        self.send(id)
        return id

    def send(self, id: str) -> None:
        """Send what was said, once more or for the first time."""
        subprocess.run(self._said[id], check=True, timeout=LONG)

    def receipts(self, *ids: str) -> dict[str, tuple[object, object]]:
        """Status and code of each message. What comes down while a tool sends, that tool takes: who has no receipt asks
        again, by sending again."""
        told: dict[str, tuple[object, object]] = {}
        end = time.monotonic() + LONG
        while (missing := [id for id in ids if id not in told]) and time.monotonic() < end:
            for one in self.hear("receipt", 1, seconds=3):
                told[str(one["id"])] = (one["status"], one.get("code"))
            if missing == [id for id in ids if id not in told]:
                self.send(missing[0])
        return told

    def hear(self, topic: str, count: int, seconds: float = LONG) -> list[dict[str, object]]:
        """What came down."""
        with self.listen(topic, count, seconds) as heard:
            said, _ = heard.communicate(timeout=LONG + 10)
        return [json.loads(line) for line in said.splitlines()]

    def words(self) -> object:
        """What a message says that came down; receipts that were still on their way come before it."""
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            for one in self.hear("message", 1, seconds=5):
                if "text" in one:
                    return one["text"]
        return None

    def _call(self, tool: str) -> list[str]:
        port = str(self._field.settings.broker.port)
        return [
            str(self._tools / tool),
            "-p",
            port,
            "-V",
            "5",
            "-i",
            "hs1",
            "-u",
            "hs1",
            "-P",
            SECRET,
            "-q",
            "1",
        ]


def test_mosquittos_own_tools_sign_are_answered_and_get_messages(field: FieldSite) -> None:
    hand = Hand(field)
    hand.subscribe()
    unsigned, signed = (
        hand.publish("report", signed=False, text="no name"),
        hand.publish("report", text="手工"),
    )
    until(lambda: field.street.rows()["reports"] == 1)
    told = hand.receipts(unsigned, signed)
    assert told[unsigned] == ("refused", "bad-signature") and told[signed][0] in ("kept", "again")
    assert field.street.one_of(Report).text == "手工"
    with field.store.work() as work:
        sent = send_field_message(work, SendFieldMessage(to=(f"user:{field.street.one.id}",), text="早会"))
    assert hand.words() == "早会"
    hand.publish("message", message=str(sent.id), what="shown")
    until(lambda: field.street.one_of(FieldMessageCopy).shown_on == "hs1")


def told_by_mqttjs(field: FieldSite, device: str, address: str) -> dict[str, object]:
    """What MQTT.js was told as this device, at this address of the broker."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with field.store.work() as work:
        work.session.get_one(Handset, device).key = key.public_key().public_bytes_raw()
    words = [
        str(Tools(field.settings.tools).node()), str(Path(__file__).with_name("mqttclient.mjs")),
        str(field.settings.tools / "static" / "vendor-test" / "mqtt-client.mjs"), address, device, SECRET, pem.decode(),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=LONG)
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_mqttjs_reports_replays_edits_and_takes_a_task_over_tcp_and_over_websocket(field: FieldSite) -> None:
    broker, street = field.settings.broker, field.street
    until(lambda: listens(broker.ws_port))
    for device, address, worker, no in (
        ("hs1", f"mqtt://127.0.0.1:{broker.port}", street.one, "S20261124001"),
        ("hs2", f"ws://127.0.0.1:{broker.ws_port}", street.two, "S20261124002"),
    ):
        task = street.dispatch(worker.id, no)
        told = told_by_mqttjs(field, device, address)
        assert told.pop("kept") in (["kept", "", 0], ["kept", "", 1])
        assert told == {
            "unsigned": ["refused", "bad-signature", 0], "forged": ["refused", "bad-signature", 0],
            "replayed": ["again", "", 0], "edited": ["kept", "", 2], "late": ["conflict", "edit-conflict", 2],
            "clocked": ["kept", "", 0], "task": "路灯不亮", "shown": ["kept", "", 0], "elsewhere": 0x87,
        }  # fmt: skip
        report = street.one_of(Report, Report.device == device)
        assert (report.text, report.version) == ("灯泡已换", 2)
        assert street.one_of(Task, Task.id == task.id).state == "shown"
