"""The link to the broker: one MQTT 5 session that outlives us, and acknowledges only what it is told to."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from conf.settings import Broker
from field_gateway.sending import CLOCKS, waited

SESSION_SECONDS = 7 * 24 * 3600
"""How long the broker keeps for us what arrives while we are away."""
RECEIVE_MAXIMUM = 128
"""Messages the broker may hand us before we acknowledge: what bounds our queues, and so our memory."""
KEEPALIVE = 30

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as it arrived, on which connection (`epoch`), to be acknowledged by `mid`.

    `received`: when it reached the broker, as far as the broker tells how long it had it.
    """

    topic: str
    body: bytes
    properties: list[tuple[str, str]]
    mid: int
    qos: int
    epoch: int
    received: datetime


class Link:
    """`heard` is called with each message and `lost` when a connection is gone, both on the network thread.

    What was not acknowledged on a connection comes again on the next. Publishing works while there is none. With `qos`
    0 nothing is kept at the broker for us, nothing has to be acknowledged, and what we say may be lost.
    """

    def __init__(
        self,
        broker: Broker,
        heard: Callable[[Arrived], None],
        lost: Callable[[int], None],
        *,
        user: str = "",
        topics: tuple[str, ...] = ("gridline/+/up/#",),
        qos: int = 1,
    ) -> None:
        self._broker = broker
        self._qos = qos
        self._user = user or broker.user
        self._topics = topics
        self._heard = heard
        self._lost = lost
        self._lock = threading.Lock()
        self._epoch = 0
        self._waiting: dict[int, Callable[[], None]] = {}
        self._early: dict[int, bool] = {}
        self._said = ""
        self.connected = threading.Event()
        self._client = self._make()

    def start(self) -> None:
        """Connect, and again whenever the connection is lost, until `stop`."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_SECONDS if self._qos else 0
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        self._client.connect_async(
            self._broker.host, self._broker.port, KEEPALIVE, clean_start=not self._qos, properties=properties
        )
        self._client.loop_start()

    def stop(self) -> None:
        """Say good-bye; the session stays at the broker."""
        self._client.disconnect()
        self._client.loop_stop()
        self.connected.clear()

    def renew(self) -> None:
        """End the connection; there is a new one in a moment, on which all that was not acknowledged comes again."""
        sock: Any = self._client.socket()
        if sock is not None:
            with suppress(OSError):  # it is ending anyhow
                sock.shutdown(socket.SHUT_RDWR)

    def acknowledge(self, arrived: Arrived) -> bool:
        """Tell the broker to forget a message; False when its connection is gone and it will come again.

        The number of a message means something on its own connection only: on another it may name a message
        that was never seen.
        """
        with self._lock:
            if arrived.epoch != self._epoch:
                return False
            return self._client.ack(arrived.mid, arrived.qos) == mqtt.MQTT_ERR_SUCCESS

    def publish(
        self, topic: str, body: bytes, *, expires: int | None = None, taken: Callable[[], None] | None = None
    ) -> None:
        """Publish with QoS 1; `expires` in seconds. `taken`: the broker has it and somebody's session gets it."""
        properties = None  # to make them costs as much as all the rest
        if expires is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = expires
        told = self._client.publish(topic, body, qos=self._qos, properties=properties)
        if not self._qos:
            return
        with self._lock:  # not around publish(): the network thread calls back with paho's own lock held
            early = self._early.pop(told.mid, None)
            if early is None:
                self._waiting[told.mid] = taken or _nothing
        if early and taken:
            taken()

    def _make(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._user,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        client.username_pw_set(self._user, self._broker.secret)
        client.reconnect_delay_set(1, 5)
        client.max_inflight_messages_set(RECEIVE_MAXIMUM)
        client.on_socket_open = _no_delay
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        if self._qos:  # else nothing follows, and paho would make an answer for each
            client.on_publish = self._on_publish
        return client

    # -- called by paho on its thread; a callback that raises would end that thread ------------------------

    def _on_connect(
        self, client: mqtt.Client, _data: Any, flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._say(f"the broker refuses the gateway: {reason}")
            return
        self._say(f"connected to the broker, session {'resumed' if flags.session_present else 'new'}")
        client.subscribe([(topic, SubscribeOptions(qos=self._qos)) for topic in self._topics])
        self.connected.set()

    def _on_connect_fail(self, _client: mqtt.Client, _data: Any) -> None:
        self._say(f"the broker does not answer at {self._broker.host}:{self._broker.port}")

    def _on_disconnect(
        self, _client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        with self._lock:
            gone = self._epoch
            self._epoch += 1
        if self.connected.is_set():
            self.connected.clear()
            self._say(f"the connection to the broker is gone: {reason}")
        try:
            self._lost(gone)
        except Exception:
            log.exception("the gateway failed to hear that its connection is gone")

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            given = getattr(message.properties, "UserProperty", [])
            left = getattr(message.properties, "MessageExpiryInterval", None)
            if (
                left is None
            ):  # how long it waited at the broker is not known, so its clocks cannot be compared
                given = [(name, value) for name, value in given if name not in CLOCKS]
            kept = waited(left)
            received = datetime.now(UTC) - timedelta(seconds=kept)
            self._heard(
                Arrived(
                    message.topic,
                    bytes(message.payload),
                    given,
                    message.mid,
                    message.qos,
                    self._epoch,
                    received,
                )
            )
        except Exception:
            log.exception("a message could not be queued; it comes again with the next connection")

    def _on_publish(
        self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any
    ) -> None:
        # 0x10 is a success too, but says that nobody has subscribed: the handset has no session yet.
        is_taken = reason.value == 0
        with self._lock:
            taken = self._waiting.pop(mid, None)
            if taken is None:
                self._early[mid] = is_taken
        try:
            if taken and is_taken:
                taken()
        except Exception:
            log.exception("what follows a publication failed")

    def _say(self, words: str) -> None:
        if words != self._said:  # a broker that is away is told once, not at every try
            self._said = words
            log.info(words)


def _no_delay(_client: mqtt.Client, _data: Any, sock: Any) -> None:
    # A PUBACK followed by a receipt are two small writes: Nagle holds the second for 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _nothing() -> None:
    pass
