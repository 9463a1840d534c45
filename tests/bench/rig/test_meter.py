"""The meter: everything goes through, and only what the server sent is counted."""

import socket

from bench.rig.meter import Meter


def test_bytes_of_the_server_are_counted_and_nothing_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        meter = Meter(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", meter.port)) as near:
            near.sendall(b"a question")
            far, _ = server.accept()
            with far:
                assert far.recv(100) == b"a question"
                far.sendall(b"x" * 1000)
            got = b""
            while piece := near.recv(4096):
                got += piece
        assert got == b"x" * 1000 and meter.bytes_down == 1000
        meter.close()
