"""The fleet of handsets speaks MQTT 5 and makes messages as handsets do."""

import json
import random
from datetime import UTC, datetime

from bench.rig.mqttfleet import _packets, bodies, connect, packet, publish
from field_gateway.wire import PositionUp, read_up

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_messages_are_of_ten_to_fifty_positions_and_are_what_the_gateway_reads() -> None:
    made = bodies(random.Random(1), 500, NOW)
    assert sum(count for count, _ in made) == 500 and all(10 <= count <= 50 for count, _ in made[:-1])
    times = []
    for count, body in made:
        message = read_up("position", body)
        assert isinstance(message, PositionUp) and len(message.points) == count
        times += [point.fixed_at for point in message.points]
    assert times == sorted(times) and times[-1] == NOW
    assert len({json.loads(body)["id"] for _, body in made}) == len(made)


def test_packets_are_read_whole_however_they_come() -> None:
    long = packet(0x30, b"x" * 300)
    stream, buffer, found = connect("a", "b") + long + publish("a", 7, b"{}"), bytearray(), []
    for byte in stream:
        buffer.append(byte)
        found += _packets(buffer)
    assert [kind for kind, _ in found] == [1, 3, 3] and not buffer
    assert found[1][1] == b"x" * 300 and found[2][1].endswith(b"\x00\x07\x00{}")
