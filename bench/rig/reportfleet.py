"""Many handsets that report over MQTT 5 and lose their connections, as one process.

`python -m bench.rig.reportfleet PORT SECRET DEVICES REPORTS SEED CLAIMS`: so many reports in all. Each handset signs
with a key of its own, keeps a session, has at most `WINDOW` reports without a receipt, lets go of one on its receipt
only, and sends what has none again, after `RESEND` seconds and then later each time; over a new connection at once
what the broker did not acknowledge. After a share `CUT` of the sendings its connection breaks without a word. Ends
when everything has a receipt; then writes each receipt into CLAIMS, as `gridline audit field` reads them, and a line
of JSON.
"""

import base64
import hashlib
import heapq
import json
import random
import selectors
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.rig.mqttfleet import device, packet, text
from schema.ids import uuid7

WINDOW = 4
RESEND, LONGEST = 10.0, 60.0
CUT = 0.2
AWAY = (0.05, 2.0)
"""Seconds that a handset is away after its connection broke."""
KEPT = ("kept", "again")
SESSION = b"\x05\x11" + struct.pack(">I", 7 * 24 * 3600)
LIFE = b"\x02" + struct.pack(">I", 7 * 24 * 3600)


def key_of(name: str, seed: int) -> Ed25519PrivateKey:
    """The key of a handset of the bench."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest())


def connect(name: str, secret: str) -> bytes:
    """CONNECT to a session that lasts."""
    return packet(0x10, text("MQTT") + b"\x05\xc0\x00\x00" + SESSION + text(name) + text(name) + text(secret))


def publish(name: str, number: int, body: bytes, signature: str) -> bytes:
    """PUBLISH of a report, QoS 1, signed."""
    beside = LIFE + b"\x26" + text("sig") + text(signature)
    head = text(f"gridline/{name}/up/report") + struct.pack(">H", number)
    return packet(0x32, head + bytes([len(beside)]) + beside + body)


@dataclass
class Report:
    """A report as it is sent, every time; `due`: when it is to be sent again, later each time.

    `at_broker`: the broker acknowledged the last sending.
    """

    id: UUID
    body: bytes
    signature: str
    due: float = 0.0
    tries: int = 0
    at_broker: bool = False


@dataclass
class Phone:
    """One handset. `todo` is not sent yet, the newest last; `open` waits for its receipt; `turn` is its next call's.

    `sent`: by its number on this connection.
    """

    name: str
    todo: list[Report]
    open: dict[str, Report] = field(default_factory=dict)
    sock: socket.socket | None = None
    heard: bytearray = field(default_factory=bytearray)
    number: int = 0
    ready: bool = False
    turn: int = 0
    sent: dict[int, Report] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Everything has its receipt."""
        return not self.todo and not self.open


class Fleet:
    """So many handsets at one broker that comes and goes."""

    def __init__(self, port: int, secret: str, devices: int, reports: int, seed: int) -> None:
        self._address = ("127.0.0.1", port)
        self._secret = secret
        self._chance = random.Random(seed)
        self._picked = selectors.DefaultSelector()
        self._calls: list[tuple[float, int, int, Phone]] = []
        self.claims: list[dict[str, str]] = []
        self.cuts = self.broken = self.sendings = 0
        self.wrong: dict[str, int] = {}
        self.phones = []
        for number in range(devices):
            count = reports // devices + (number < reports % devices)
            phone = Phone(device(number), _reports(device(number), count, seed))
            self.phones.append(phone)
            self._later(phone, self._chance.uniform(0, 1))

    def run(self) -> float:
        """Send everything, until everything has a receipt; returns the seconds it took."""
        began = told = time.monotonic()
        while not all(phone.is_done for phone in self.phones):
            for key, _ in self._picked.select(0.05):
                self._hear(key.data)
            now = time.monotonic()
            while self._calls and self._calls[0][0] <= now:
                _, _, turn, phone = heapq.heappop(self._calls)
                if turn == phone.turn:
                    self._go_on(phone)
            if now - told > 5:
                told = now
                online = sum(phone.ready for phone in self.phones)
                told_now = {
                    "s": round(now - began),
                    "kept": len(self.claims),
                    "sent": self.sendings,
                    "online": online,
                }
                print(json.dumps({**told_now, "wrong": self.wrong}), flush=True)
        return time.monotonic() - began

    def _later(self, phone: Phone, seconds: float) -> None:
        phone.turn += 1  # a call that was due before is moot: each handset has one
        heapq.heappush(self._calls, (time.monotonic() + seconds, id(phone), phone.turn, phone))

    def _go_on(self, phone: Phone) -> None:
        """Connect, or send what is due; a handset that has nothing left goes."""
        if phone.is_done:
            self._drop(phone)
        elif phone.sock is None:
            self._connect(phone)
        elif phone.ready:
            self._send(phone)
            self._later(phone, RESEND / 4)

    def _connect(self, phone: Phone) -> None:
        try:
            phone.sock = socket.create_connection(self._address, timeout=5)
            phone.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            topic = b"\x00\x01\x00" + text(f"gridline/{phone.name}/down/#") + b"\x01"
            phone.sock.sendall(connect(phone.name, self._secret) + packet(0x82, topic))
            self._picked.register(phone.sock, selectors.EVENT_READ, phone)
        except OSError:
            self._lost(phone)

    def _send(self, phone: Phone) -> None:
        while phone.todo and len(phone.open) < WINDOW:
            report = phone.todo.pop()
            phone.open[str(report.id)] = report
        for report in list(phone.open.values()):
            now = time.monotonic()
            if now < report.due or phone.sock is None:
                continue
            report.due = now + min(RESEND * 2**report.tries, LONGEST)
            report.tries += 1
            report.at_broker = False
            phone.number = phone.number % 60_000 + 2
            phone.sent[phone.number] = report
            self.sendings += 1
            try:
                phone.sock.sendall(publish(phone.name, phone.number, report.body, report.signature))
            except OSError:
                return self._lost(phone)
            if self._chance.random() < CUT:
                self.cuts += 1
                return self._lost(phone)
        return None

    def _hear(self, phone: Phone) -> None:
        try:
            data = phone.sock.recv(65_536) if phone.sock else b""
        except OSError:
            data = b""
        if not data:
            self.broken += 1
            self._lost(phone)
            return
        phone.heard += data
        for first, body in packets(phone.heard):
            if first >> 4 == 2 and body[1] != 0:
                raise SystemExit(f"the broker refuses {phone.name}: {body[1]}")
            if first >> 4 == 9:
                phone.ready = True
                self._send(phone)
                self._later(phone, RESEND / 4)
            elif first >> 4 == 4:
                report = phone.sent.pop(int.from_bytes(body[:2], "big"), None)
                if report is not None and (len(body) < 3 or body[2] < 0x80):
                    report.at_broker = True
            elif first >> 4 == 3:
                self._receipt(phone, first, body)
        if phone.is_done:
            self._drop(phone)

    def _receipt(self, phone: Phone, first: int, body: bytes) -> None:
        at = 2 + int.from_bytes(body[:2], "big")
        if first >> 1 & 3:
            if phone.sock is not None:
                try:
                    phone.sock.sendall(packet(0x40, body[at : at + 2]))
                except OSError:
                    self._lost(phone)
            at += 2
        at += 1 + body[at]  # its properties: fewer than 128 bytes
        receipt = json.loads(body[at:])
        if receipt["status"] not in KEPT:
            self.wrong[receipt["status"]] = self.wrong.get(receipt["status"], 0) + 1
            return
        if phone.open.pop(str(receipt["id"]), None) is not None:
            self.claims.append(
                {"device": phone.name, "id": receipt["id"], "row_hash": receipt.get("row_hash", "")}
            )
        self._send(phone)

    def _drop(self, phone: Phone) -> None:
        if phone.sock is not None:
            if phone.sock in self._picked.get_map():
                self._picked.unregister(phone.sock)
            phone.sock.close()
        phone.sock, phone.ready = None, False
        phone.heard.clear()
        phone.sent.clear()

    def _lost(self, phone: Phone) -> None:
        self._drop(phone)
        for report in phone.open.values():
            if not report.at_broker:
                report.due = 0.0
        self._later(phone, self._chance.uniform(*AWAY))


def packets(buffer: bytearray) -> list[tuple[int, bytes]]:
    """The whole packets in a buffer, (first byte, rest), taken out of it."""
    found = []
    while len(buffer) >= 2:
        length = shift = 0
        at = 1
        while at < len(buffer):
            length |= (buffer[at] & 127) << shift
            at, shift = at + 1, shift + 7
            if not buffer[at - 1] & 128:
                break
        else:
            return found
        if len(buffer) < at + length:
            return found
        found.append((buffer[0], bytes(buffer[at : at + length])))
        del buffer[: at + length]
    return found


def _reports(name: str, count: int, seed: int) -> list[Report]:
    key = key_of(name, seed)
    made = []
    for number in range(count):
        id = uuid7()
        body = json.dumps(
            {"v": 1, "type": "report", "id": str(id), "seq": number + 1, "boot": "bench", "mono": number,
             "made": datetime.now(UTC).isoformat(timespec="seconds"), "text": f"第 {number + 1} 次巡查，一切正常"},
            ensure_ascii=False, separators=(",", ":"),
        ).encode()  # fmt: skip
        signature = key.sign(b"gridline/1\n" + f"gridline/{name}/up/report".encode() + b"\n" + body)
        made.append(Report(id, body, base64.urlsafe_b64encode(signature).decode().rstrip("=")))
    return made[::-1]


def main(port: int, secret: str, devices: int, reports: int, seed: int, claims: Path) -> None:
    """Run one fleet to its end."""
    fleet = Fleet(port, secret, devices, reports, seed)
    print(json.dumps({"ready": devices}), flush=True)
    seconds = fleet.run()
    claims.write_text("".join(json.dumps(one) + "\n" for one in fleet.claims), "utf-8")
    told = {
        "seconds": seconds,
        "sendings": fleet.sendings,
        "cuts": fleet.cuts,
        "broken": fleet.broken,
        "wrong": fleet.wrong,
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], *(int(one) for one in sys.argv[3:6]), Path(sys.argv[6]))
