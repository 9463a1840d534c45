"""Many handsets that send positions over MQTT 5, as one process.

`python -m bench.rig.mqttfleet PORT SECRET DEVICES SECONDS`.
Each is a connection of its own with its own session, subscribed to its receipts, at most `WINDOW` messages without
one. Packets are made before the clock starts: what is measured is the server. Writes a line when everything is ready,
begins when a line comes in, and ends with a line of JSON.
"""

import json
import random
import selectors
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from schema.ids import uuid7

WINDOW = 4
LON, LAT = 120.159, 30.267


def device(number: int) -> str:
    """The name of a handset."""
    return f"bench-{number:05}"


def text(value: str | bytes) -> bytes:
    """A string as MQTT has it."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(raw)) + raw


def packet(kind: int, body: bytes) -> bytes:
    """A control packet: first byte, length, the rest."""
    length, left = b"", len(body)
    while True:
        left, low = left >> 7, left & 127
        length += bytes([low | (128 if left else 0)])
        if not left:
            return bytes([kind]) + length + body


def connect(name: str, secret: str) -> bytes:
    """CONNECT with a clean session and no keep-alive: who has sent everything falls silent."""
    return packet(0x10, text("MQTT") + b"\x05\xc2\x00\x00\x00" + text(name) + text(name) + text(secret))


def subscribe(name: str) -> bytes:
    """SUBSCRIBE to what comes down, QoS 0: what comes is counted, not kept."""
    return packet(0x82, b"\x00\x01\x00" + text(f"gridline/{name}/down/#") + b"\x00")


def publish(name: str, number: int, body: bytes) -> bytes:
    """PUBLISH of positions, QoS 1."""
    return packet(0x32, text(f"gridline/{name}/up/position") + struct.pack(">H", number) + b"\x00" + body)


def bodies(chance: random.Random, seconds: int, until: datetime) -> list[tuple[int, bytes]]:
    """A handset's messages of a walk of so many seconds up to a time, a position a second, 10 to 50 in a message."""
    made: list[tuple[int, bytes]] = []
    at, east, north, seq = until - timedelta(seconds=seconds), 0.0, 0.0, 0
    while seconds > 0:
        count = min(chance.randint(10, 50), seconds)
        points = []
        for _ in range(count):
            at += timedelta(seconds=1)
            east, north = east + chance.gauss(1e-5, 5e-6), north + chance.gauss(0, 1e-5)
            points.append(
                {"fixed_at": at.isoformat(timespec="milliseconds"), "lon": round(LON + east, 6),
                 "lat": round(LAT + north, 6), "accuracy": round(chance.uniform(4, 15), 1),
                 "speed": 1.2, "bearing": 90.0}
            )  # fmt: skip
        seq += 1
        message = {"v": 1, "type": "position", "id": str(uuid7()), "seq": seq, "points": points}
        made.append((count, json.dumps(message, separators=(",", ":")).encode()))
        seconds -= count
    return made


@dataclass
class Line:
    """One handset's connection: `waiting` packets with how many positions each has, `open` without a receipt."""

    sock: socket.socket
    waiting: list[tuple[int, bytes]]
    heard: bytearray = field(default_factory=bytearray)
    open: int = 0
    sent: bytes = b""
    positions: list[int] = field(default_factory=list)


class Fleet:
    """So many handsets at one broker."""

    def __init__(self, port: int, secret: str, devices: int, seconds: int) -> None:
        self.statuses: dict[str, int] = {}
        self._lines: list[Line] = []
        chance, now = random.Random(6), datetime.now(UTC)
        for number in range(devices):
            name = device(number)
            sock = socket.create_connection(("127.0.0.1", port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(connect(name, secret) + subscribe(name))
            # The other way round: a list is taken from its end.
            told = [
                (n, publish(name, at % 60_000 + 1, b))
                for at, (n, b) in enumerate(bodies(chance, seconds, now))
            ]
            self._lines.append(Line(sock, told[::-1]))
        self.total = sum(count for line in self._lines for count, _ in line.waiting)
        self.messages = sum(len(line.waiting) for line in self._lines)

    def settle(self) -> None:
        """Wait until everybody is connected and subscribed."""
        for line in self._lines:
            seen: set[int] = set()
            while 9 not in seen:
                line.heard += line.sock.recv(4096)
                for kind, body in _packets(line.heard):
                    if kind == 2 and body[1] != 0:
                        raise SystemExit(f"the broker refuses: {body[1]}")
                    seen.add(kind)
            line.sock.setblocking(False)

    def run(self) -> float:
        """Send everything and hear every receipt; returns the seconds it took."""
        picked = selectors.DefaultSelector()
        began = time.monotonic()
        for line in self._lines:
            picked.register(line.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, line)
        left = self.messages
        while left:
            for key, events in picked.select(30):
                line: Line = key.data
                if events & selectors.EVENT_READ:
                    left -= self._hear(line)
                wants = self._send(line)
                picked.modify(line.sock, selectors.EVENT_READ | (selectors.EVENT_WRITE if wants else 0), line)
        return time.monotonic() - began

    def _hear(self, line: Line) -> int:
        try:
            data = line.sock.recv(65_536)
        except BlockingIOError:
            return 0
        if not data:
            raise SystemExit("the broker closed a connection")
        line.heard += data
        answered = 0
        for kind, body in _packets(line.heard):
            if kind == 3:
                status = body.partition(b'"status":"')[2].partition(b'"')[0].decode()
                self.statuses[status] = self.statuses.get(status, 0) + 1
                line.open -= 1
                answered += 1
        return answered

    def _send(self, line: Line) -> bool:
        """Whether there is more to write than the socket takes now."""
        while True:
            if line.sent:
                try:
                    line.sent = line.sent[line.sock.send(line.sent) :]
                except BlockingIOError:
                    return True
                if line.sent:
                    return True
            if not line.waiting or line.open >= WINDOW:
                return False
            line.open += 1
            line.sent = line.waiting.pop()[1]


def _packets(buffer: bytearray) -> list[tuple[int, bytes]]:
    """The whole packets in a buffer, (kind, rest), taken out of it."""
    found = []
    while len(buffer) >= 2:
        length = shift = 0
        at = 1
        while True:
            if at >= len(buffer):
                return found
            length |= (buffer[at] & 127) << shift
            at, shift = at + 1, shift + 7
            if not buffer[at - 1] & 128:
                break
        if len(buffer) < at + length:
            return found
        found.append((buffer[0] >> 4, bytes(buffer[at : at + length])))
        del buffer[: at + length]
    return found


def main(port: int, secret: str, devices: int, seconds: int) -> None:
    """Run one fleet, driven by standard input."""
    fleet = Fleet(port, secret, devices, seconds)
    fleet.settle()
    print(json.dumps({"messages": fleet.messages, "positions": fleet.total}), flush=True)
    sys.stdin.readline()
    took = fleet.run()
    print(json.dumps({"took": took, "statuses": fleet.statuses}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
