"""A crowd of handsets in one process: MQTT 5 by hand on asyncio, because thousands of client threads are too many.

Each connects, subscribes to what comes down for it, sends what it is given (QoS 1), and waits for the receipt of each;
told "later" it waits and sends again, and so it does when it has heard nothing for a while, as the handset app does.
"""

import asyncio
import json
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schema.ids import uuid7

PROTOCOL = b"\x00\x04MQTT\x05"
SESSION = struct.pack(">BI", 0x11, 3600)  # Session Expiry Interval
KEEPALIVE = 600
PATIENCE, LONGEST = 10.0, 60.0
"""Seconds without a receipt after which a message is sent again, twice as long each time, up to the longest."""
LON, LAT = 120.15, 30.26
FINAL = ("kept", "again", "conflict", "refused")


@dataclass
class Message:
    """Something to send: the topic below up/, the body, its id, and when it was sent and answered (monotonic)."""

    what: str
    id: str
    body: bytes
    sent: float = 0.0
    answered: float = 0.0
    status: str = ""
    again_at: float = 0.0
    tries: int = 0


@dataclass
class Member:
    """One handset. `later` counts how often it was told to come again."""

    device: str
    secret: str
    messages: dict[str, Message] = field(default_factory=dict)
    later: int = 0
    refused: str = ""
    _writer: Any = None
    _number: int = 0
    _reading: Any = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, host: str, port: int) -> None:
        """Come in, and listen to what comes down. Raises OSError, IncompleteReadError."""
        reader, self._writer = await asyncio.open_connection(host, port)
        name = self.device.encode()
        payload = b"".join(_text(one) for one in (name, name, self.secret.encode()))
        # User name, password, no clean start.
        head = PROTOCOL + bytes([0xC0]) + struct.pack(">H", KEEPALIVE) + bytes([len(SESSION)]) + SESSION
        self._writer.write(_packet(0x10, head + payload))
        kind, body = await _read(reader)
        if kind >> 4 != 2 or body[1] != 0:
            await self.close()
            raise ConnectionError(f"the broker refuses {self.device}: {body[:2].hex()}")
        topic = _text(f"gridline/{self.device}/down/#".encode())
        self._writer.write(_packet(0x82, b"\x00\x01\x00" + topic + b"\x01"))
        await _read(reader)
        self._reading = asyncio.create_task(self._listen(reader))  # noqa: TID251 (held)

    def send(self, message: Message) -> None:
        """Send a message."""
        self.messages[message.id] = message
        message.sent = message.sent or time.monotonic()
        self._publish(message)

    def send_again(self) -> int:
        """Send what has waited for its receipt too long; how many that were."""
        now = time.monotonic()
        late = [one for one in self.messages.values() if not one.answered and now >= one.again_at]
        for one in late:
            self._publish(one)
        return len(late)

    @property
    def waiting(self) -> int:
        """Messages that have no final receipt."""
        return sum(not one.answered for one in self.messages.values())

    async def served(self, seconds: float) -> None:
        """Wait until every message has its final receipt. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.waiting:
                self._changed.clear()
                await self._changed.wait()

    async def close(self) -> None:
        """Leave."""
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    def _publish(self, message: Message) -> None:
        self._number = self._number % 65_000 + 1
        message.again_at = time.monotonic() + min(PATIENCE * 2**message.tries, LONGEST)
        message.tries += 1
        topic = _text(f"gridline/{self.device}/up/{message.what}".encode())
        self._writer.write(_packet(0x32, topic + struct.pack(">H", self._number) + b"\x00" + message.body))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                kind, body = await _read(reader)
                if kind >> 4 == 3:
                    self._heard(kind, body)
                elif kind >> 4 == 14:
                    self.refused = body[:1].hex()
        except (OSError, asyncio.IncompleteReadError) as error:
            self.refused = self.refused or type(error).__name__

    def _heard(self, kind: int, body: bytes) -> None:
        length = struct.unpack(">H", body[:2])[0]
        topic, at = body[2 : 2 + length], 2 + length
        if kind & 6:
            self._writer.write(_packet(0x40, body[at : at + 2]))
            at += 2
        size, used = _varint(body[at:])
        receipt = json.loads(body[at + used + size :])
        message = self.messages.get(str(receipt.get("id"))) if topic.endswith(b"/receipt") else None
        if message is None or message.answered:
            return
        if receipt["status"] == "later":
            self.later += 1
            message.tries = 0
            message.again_at = time.monotonic() + receipt.get("retry_after", 5)
        else:
            message.answered, message.status = time.monotonic(), receipt["status"]
            self._changed.set()


def body(what: str, seq: int, **more: object) -> tuple[str, bytes]:
    """The id and the bytes of a message of now."""
    id = str(uuid7())
    plain = {"v": 1, "type": what, "id": id, "seq": seq}
    if what != "position":
        plain["made"] = datetime.now(UTC).isoformat()
    return id, json.dumps({**plain, **more}, ensure_ascii=False).encode()


def points(count: int, ago: float = 0.0) -> list[dict[str, object]]:
    """Positions ten seconds apart, the newest so many seconds old and the last of them."""
    now = datetime.now(UTC) - timedelta(seconds=ago)
    return [
        {
            "fixed_at": (now - timedelta(seconds=10 * (count - 1 - back))).isoformat(),
            "lon": LON + 0.0001 * back,
            "lat": LAT,
            "accuracy": 8,
        }
        for back in range(count)
    ]


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind = (await reader.readexactly(1))[0]
    length = shift = 0
    while True:
        one = (await reader.readexactly(1))[0]
        length |= (one & 0x7F) << shift
        shift += 7
        if one < 0x80:
            return kind, await reader.readexactly(length)


def _varint(data: bytes) -> tuple[int, int]:
    value = shift = used = 0
    for one in data[:4]:
        value |= (one & 0x7F) << shift
        shift, used = shift + 7, used + 1
        if one < 0x80:
            break
    return value, used


def _packet(kind: int, body: bytes) -> bytes:
    head, length = bytearray([kind]), len(body)
    while True:
        length, low = divmod(length, 128)
        head.append(low | (0x80 if length else 0))
        if not length:
            return bytes(head) + body


def _text(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text
