"""An MQTT 5 client for tests that says what happened to it. Independent of the handset and the gateway."""

import threading
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.patience import LONG


class Peer:
    """Connects at once, with a session that lasts. `heard` is (topic, body), `losses` why connections ended."""

    def __init__(self, user: str, secret: str, port: int, *, client_id: str | None = None) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.losses: list[str] = []
        self.max_packet = 0
        self._reason: ReasonCode | None = None
        self._acks: dict[int, int] = {}
        self._changed = threading.Condition()
        client = self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=user if client_id is None else client_id,
            protocol=mqtt.MQTTv5,
        )
        client.max_inflight_messages_set(100)
        if user:
            client.username_pw_set(user, secret)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_subscribe = lambda *_: self._note(lambda: self._acks.__setitem__(-1, 0))
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600
        client.connect_async("127.0.0.1", port, 30, clean_start=False, properties=properties)
        client.loop_start()
        self.connected()

    def connected(self, seconds: float = 5) -> ReasonCode | None:
        """The reason code of the last CONNACK."""
        with self._changed:
            self._changed.wait_for(lambda: self._reason is not None, seconds)
            return self._reason

    def lost(self, seconds: float) -> str:
        """Wait for the end of a connection and forget that there was one; why it ended, "" if it did not."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.losses), seconds)
            return self.losses[-1] if self.losses else ""

    def subscribe(self, topic: str) -> None:
        """Subscribe with QoS 1 and wait for the answer."""
        with self._changed:
            self._acks.pop(-1, None)
        self._client.subscribe(topic, qos=1)
        with self._changed:
            assert self._changed.wait_for(lambda: -1 in self._acks, LONG), f"no answer to subscribing {topic}"

    def publish(
        self,
        topic: str,
        body: bytes,
        *,
        user: list[tuple[str, str]] | None = None,
        life: int | None = None,
        wait: bool = True,
    ) -> int:
        """Publish with QoS 1; the reason code of the PUBACK (MQTT 5, 3.4.2.1), -1 if it was not waited for.

        `life`: seconds after which the broker may forget it.
        """
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if user is not None:
            properties.UserProperty = user
        if life is not None:
            properties.MessageExpiryInterval = life
        mid = self._client.publish(topic, body, qos=1, properties=properties).mid
        if not wait:
            return -1
        with self._changed:
            assert self._changed.wait_for(lambda: mid in self._acks, LONG), f"no PUBACK for {topic}"
            return self._acks.pop(mid)

    def settle(self, seconds: float) -> None:
        """Wait until everything published is acknowledged."""
        client: Any = self._client
        with self._changed:
            assert self._changed.wait_for(lambda: not client._out_messages, seconds)

    def wait(self, count: int, seconds: float = LONG) -> None:
        """Wait until so many messages were heard."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.heard) >= count, seconds)
            assert enough, f"heard {len(self.heard)} messages of {count}"

    def close(self) -> None:
        """Leave; the session stays."""
        self._client.disconnect()
        self._client.loop_stop()

    def _note(self, change: Any) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def _on_connect(self, _c: Any, _d: Any, _f: Any, reason: ReasonCode, properties: Any) -> None:
        self.max_packet = getattr(properties, "MaximumPacketSize", 0)
        self._note(lambda: setattr(self, "_reason", reason))

    def _on_disconnect(self, _c: Any, _d: Any, _f: Any, reason: ReasonCode, _p: Any) -> None:
        if self._reason is not None and not self._reason.is_failure:
            self._note(lambda: (self.losses.append(str(reason)), setattr(self, "_reason", None)))

    def _on_publish(self, _c: Any, _d: Any, mid: int, reason: ReasonCode, _p: Any) -> None:
        self._note(lambda: self._acks.__setitem__(mid, reason.value))

    def _on_message(self, _c: Any, _d: Any, message: mqtt.MQTTMessage) -> None:
        self._note(lambda: self.heard.append((message.topic, message.payload)))
