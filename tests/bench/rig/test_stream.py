"""The stream that the ears' benches play."""

import re
import socket

from bench.rig.stream import END, again, copies, length, messages, played

UNIQUE = re.compile(rb"\r\nUniqueid: ([0-9.]+)")
CALL = re.compile(rb"\r\nCall: ([0-9a-f-]{36})")


def test_a_tape_and_a_recorded_stream_are_events() -> None:
    for name, count in (("queue", 1999), ("calls", 7476)):
        found = messages(name)
        assert len(found) == count and all(event.startswith(b"Event: ") for event in found)


def test_a_further_copy_is_of_other_calls_under_other_channels() -> None:
    whole, other = list(copies(messages("calls"), 2, fresh=True))
    for ids in (UNIQUE, CALL):
        first, second = set(ids.findall(whole)), set(ids.findall(other))
        assert len(first) == len(second) and not first & second
    assert whole.count(b"What: SeatOpened") == 80 and other.count(b"What: SeatOpened") == 0
    assert whole.count(b"What: Entered") == other.count(b"What: Entered") == 200


def test_ids_change_and_nothing_else() -> None:
    event = b"Event: X\r\nCall: 01a20e91-a727-79f6-9619-1c7fbd6aaed2\r\nName: a_1795540756.1\r\nNumber: 1390000000"
    assert again(event, 2) == event.replace(b"01a20e91-", b"01a20e93-").replace(b"1795540756", b"1795542756")


def test_as_many_events_are_sent_as_are_promised() -> None:
    events = messages("calls")
    for fresh in (True, False):
        sent = b"".join(copies(events, 3, fresh))
        assert sent.count(END) == length(events, 3, fresh)


def test_it_is_played_to_whoever_logs_in() -> None:
    events = messages("queue")
    with played("queue", 2, False) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(b"Action: Login\r\n\r\n")
        data = b""
        while data.count(END) < 2 * len(events) + 1:
            data += link.recv(1 << 16)
    assert data.startswith(b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\n")
    assert data.endswith(events[-1] + END)
