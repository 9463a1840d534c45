"""The broker's other listeners: WebSocket for browsers, TLS where there is a certificate, for the same people."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from conf.broker import render_broker
from conf.children import Child, listens
from conf.settings import Settings
from conf.tools import Tools
from schema.desk.handsets import broker_hash
from schema.handsets import Handset
from tests.patience import LONG

pytestmark = pytest.mark.real
SECRET = "a secret of the handset"


def running(site: Settings) -> Child:
    main = render_broker(site, [Handset(device="one", secret=broker_hash(SECRET), blocked=False)])
    tool = Tools(site.tools).mosquitto()
    child = Child(
        "Mosquitto",
        [tool, "-c", main],
        site.var / "log" / "mosquitto.out",
        ready=lambda: listens(site.broker.port) and listens(site.broker.ws_port),
    )
    return child.start().wait_ready()


@pytest.fixture
def certified(site: Settings, tmp_path: Path) -> Settings:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "field")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    broker = replace(site.broker, tls_cert=str(tmp_path / "cert.pem"), tls_key=str(tmp_path / "key.pem"))
    return replace(site, broker=broker)


@pytest.fixture
def broker(site: Settings) -> Iterator[Child]:
    child = running(site)
    yield child
    child.stop()


@pytest.fixture
def tls_broker(certified: Settings) -> Iterator[Child]:
    child = running(certified)
    yield child
    child.stop()


def said(port: int, *, secret: str = SECRET, web: bool, cert: str = "", client_id: str = "one") -> str:
    """The reason code of CONNACK."""
    answered, told = threading.Event(), []

    def on_connect(_client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        told.append(str(reason))
        answered.set()

    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5,
        transport="websockets" if web else "tcp",
    )  # fmt: skip
    client.username_pw_set("one", secret)
    client.on_connect = on_connect
    if cert:
        client.tls_set(ca_certs=cert, tls_version=ssl.PROTOCOL_TLS_CLIENT)
    client.connect("127.0.0.1", port, 30)
    client.loop_start()
    answered.wait(LONG)
    client.disconnect()
    client.loop_stop()
    return told[0] if told else "nothing"


def test_browsers_come_by_websocket_with_the_same_passwords(site: Settings, broker: Child) -> None:
    assert said(site.broker.ws_port, web=True) == "Success"
    assert said(site.broker.ws_port, web=True, secret="wrong") == "Not authorized"
    assert not listens(site.broker.tls_port)


def test_with_a_certificate_handsets_are_met_by_tls_and_the_gateway_as_before(
    certified: Settings, tls_broker: Child
) -> None:
    broker = certified.broker
    assert said(broker.ws_port, web=True, cert=broker.tls_cert) == "Success"
    assert said(broker.tls_port, web=False, cert=broker.tls_cert) == "Success"
    assert said(broker.tls_port, web=False, cert=broker.tls_cert, secret="wrong") == "Not authorized"
    assert said(broker.port, web=False) == "Success"
