"""The bench's handsets speak the protocol: their reports are taken, and only receipts let go of them."""

import json
import socket
import struct
from pathlib import Path

from bench.rig import reportfleet
from bench.rig.mqttfleet import device, packet
from bench.rig.reportfleet import Fleet, connect, key_of, packets, publish
from schema.handsets import Handset as Row
from schema.ids import uuid7
from schema.store import Store
from tests.field_gateway.play import Handset, Street


def test_their_reports_are_signed_and_taken(sqlite_url: str, tmp_path: Path) -> None:
    street = Street(Store(sqlite_url))
    fleet = Fleet(1, "secret", 2, 5, 7)
    assert [len(phone.todo) for phone in fleet.phones] == [3, 2] and fleet.phones[0].name == device(0)
    name = fleet.phones[0].name
    with street.store.work() as work:
        key = key_of(name, 7).public_key().public_bytes_raw()
        work.session.add(Row(device=name, worker=street.one.id, secret="x", key=key, enrolled_at=work.now))
    player = Handset(street.store, tmp_path, name)
    for report in fleet.phones[0].todo:
        assert player.say("report", report.body, sig=report.signature)["status"] == "kept"
        assert len(report.body) + len(report.signature) < 300


def test_packets_are_taken_out_whole_and_the_rest_waits() -> None:
    long = packet(0x32, b"x" * 300)
    buffer = bytearray(packet(0x20, b"\0\0\0") + long[:-1])
    assert packets(buffer) == [(0x20, b"\0\0\0")] and len(buffer) == len(long) - 1
    buffer += long[-1:]
    assert packets(buffer) == [(0x32, b"x" * 300)] and not buffer
    assert packets(bytearray(b"\x30\xff")) == []


def test_a_report_is_published_with_its_life_and_its_signature() -> None:
    made = publish("hs1", 7, b"{}", "s" * 86)
    assert made[0] == 0x32 and made.endswith(b"{}") and b"sig" + struct.pack(">H", 86) + b"s" * 86 in made
    assert connect("hs1", "secret")[0] == 0x10


def test_only_a_receipt_lets_go_and_others_are_counted() -> None:
    fleet = Fleet(1, "secret", 1, 1, 7)
    phone = fleet.phones[0]
    report = phone.todo.pop()
    phone.open[str(report.id)] = report
    for status, left in (("refused", 1), ("kept", 0)):
        told = json.dumps({"id": str(report.id), "status": status, "row_hash": "ab"}).encode()
        fleet._receipt(phone, 0x30, struct.pack(">H", 1) + b"t" + b"\0" + told)
        assert len(phone.open) == left
    assert fleet.wrong == {"refused": 1}
    assert fleet.claims == [{"device": phone.name, "id": str(report.id), "row_hash": "ab"}]
    fleet._receipt(
        phone,
        0x30,
        struct.pack(">H", 1) + b"t" + b"\0" + b'{"id":"%s","status":"kept"}' % str(uuid7()).encode(),
    )
    assert len(fleet.claims) == 1 and reportfleet.KEPT == ("kept", "again")


def test_over_a_new_connection_goes_at_once_what_the_broker_did_not_acknowledge() -> None:
    fleet = Fleet(1, "secret", 1, 2, 7)
    phone = fleet.phones[0]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        phone.sock, phone.ready = ours, True
        fleet._chance.seed(0)
        while phone.todo:
            report = phone.todo.pop()
            phone.open[str(report.id)] = report
            report.due, report.tries = 9e9, 1
            phone.sent[len(phone.todo)] = report
        theirs.send(packet(0x40, b"\0\0") + packet(0x40, b"\0\1\x97"))
        fleet._hear(phone)
        fleet._lost(phone)
    assert [report.due for report in phone.open.values()] == [0.0, 9e9] and not phone.sent
