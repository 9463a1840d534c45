"""The handset's wire: one persistent MQTT 5 session that is there or not."""

import hashlib
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

SESSION_SECONDS = LIFE = 7 * 24 * 3600
CHUNK = 6 * 1024
"""Bytes of a photo sent at once. Two are on their way: 3.3 s at 30 kbit/s, so that words never wait longer behind."""
DEFAULT_MAX_PACKET = 256 * 1024

log = logging.getLogger(__name__)


class Wire:
    """Publishes below gridline/<device>/ and hears what comes down. Callbacks come on the network thread."""

    def __init__(
        self,
        device: str,
        secret: str,
        host: str,
        port: int,
        on_down: Callable[[str, bytes], None],
        on_change: Callable[[], None],
    ) -> None:
        self._device, self._secret = device, secret
        self._host, self._port = host, port
        self._on_down = on_down
        self._on_change = on_change
        self._lock = threading.Lock()
        self._client: mqtt.Client | None = None
        self.is_connected = False
        self.refusal = ""
        self.max_packet = DEFAULT_MAX_PACKET

    def start(self) -> None:
        """Try to connect, and again, until `stop`."""
        with self._lock:
            if self._client is not None:
                return
            self.refusal = ""
            client = self._client = mqtt.Client(
                CallbackAPIVersion.VERSION2, client_id=self._device, protocol=mqtt.MQTTv5
            )
        client.username_pw_set(self._device, self._secret)
        client.reconnect_delay_set(1, 5)
        client.on_socket_open = _no_delay
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._message
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_SECONDS
        client.connect_async(self._host, self._port, 30, clean_start=False, properties=properties)
        client.loop_start()

    def stop(self) -> None:
        """Leave; the session stays at the broker."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()
        self.is_connected = False

    def publish(
        self, topic: str, body: bytes, *, offset: int | None = None, beside: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Send with QoS 1, if there is a network; the outbox sends again what nobody answers."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        # What is left of it when it comes out of the broker tells how long it waited there.
        properties.MessageExpiryInterval = LIFE
        if offset is not None:
            properties.UserProperty = [("offset", str(offset)), ("sha256", hashlib.sha256(body).hexdigest())]
        elif beside:
            properties.UserProperty = list(beside)
        client = self._client
        if client is not None and self.is_connected:
            client.publish(f"gridline/{self._device}/{topic}", body, qos=1, properties=properties)

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self.refusal = str(reason)
        else:
            self.refusal = ""
            self.max_packet = getattr(properties, "MaximumPacketSize", DEFAULT_MAX_PACKET)
            client.subscribe(f"gridline/{self._device}/down/#", qos=1)
            self.is_connected = True
        self._on_change()

    def _disconnected(
        self, client: mqtt.Client, _data: Any, flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if client is not self._client:
            return
        self.is_connected = False
        if flags.is_disconnect_packet_from_server:
            self.refusal = str(reason)
        self._on_change()

    def _message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self._on_down(message.topic.rpartition("/")[2], message.payload)
        except Exception:  # it would end paho's thread, and the handset would be deaf
            log.exception("the handset could not read %s", message.topic)


def _no_delay(_client: mqtt.Client, _data: Any, sock: Any) -> None:
    # An acknowledgement and a report right after it are two small writes: Nagle holds the second for 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
