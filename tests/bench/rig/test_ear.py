"""AMI as the bench reads it: whole messages with the moment their last byte came, answers with their lists."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.rig.ear import Ear, Mouth, fields


@contextmanager
def pbx(*chunks: bytes) -> Iterator[int]:
    """A PBX that takes whatever is said first, answers with these chunks and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            session, _ = door.accept()
            with session:
                session.recv(4096)
                for chunk in chunks:
                    session.sendall(chunk)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(door.getsockname()[1])
        thread.join(5)


def test_each_channel_variable_has_its_own_name() -> None:
    row = b"Channel: PJSIP/x-1\r\nChanVariable: GRIDLINE_CALL=a=b\r\nChanVariable: GRIDLINE_CONTACT=c"
    assert fields(row) == {"Channel": "PJSIP/x-1", "GRIDLINE_CALL": "a=b", "GRIDLINE_CONTACT": "c"}


def test_messages_cut_anywhere_are_whole_again() -> None:
    stream = b"Event: One\r\nA: 1\r\n\r\nEvent: Two\r\n\r\n"
    with pbx(stream[:15], stream[15:]) as port:
        ear = Ear(port, "secret")
        ear._thread.join(5)
        ear.close()
        assert [event["Event"] for _, event in ear.events()] == ["One", "Two"]


def test_a_list_is_read_to_its_end() -> None:
    head = b"Asterisk Call Manager/9\r\nResponse: Success\r\nEventList: start\r\n\r\n"
    with pbx(head, b"Event: Row\r\n\r\n", b"Event: Done\r\nEventList: Complete\r\n\r\n") as port:
        mouth = Mouth(port, "secret")
        mouth.close()


def test_a_pbx_that_hangs_up_is_no_answer() -> None:
    with pbx() as port, pytest.raises(ConnectionError):
        Mouth(port, "secret")
