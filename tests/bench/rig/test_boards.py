"""Boards on plain sockets: versions are noted as they come, whole pictures and bytes are counted."""

import socket
import threading

from bench.rig.boards import Boards

FIRST = b'event: floor\ndata: {"v":3,"calls":{"a":{"stage":"queue"}}}\n\n'
THEN = b'event: floor\ndata: {"v":4,"calls":{"a":{"stage":"talking"},"b":null}}\n\n'


def test_each_board_notes_each_version_and_the_first_reads_who_talks() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            for _ in range(2):
                one, _where = door.accept()
                with one:
                    asked = one.recv(4096)
                    assert b"gridline=token" in asked
                    one.sendall(FIRST + THEN[:30])
                    one.sendall(THEN[30:])

        thread = threading.Thread(target=serve)
        thread.start()
        boards = Boards(door.getsockname()[1], ["token1", "token2"])
        while boards.open:
            boards.read(1)
        thread.join(5)
    assert boards.whole == 2
    assert {version: len(at) for version, at in boards.versions.items()} == {3: 2, 4: 2}
    assert boards.started == {"a": 4}
    assert boards.bytes == 2 * len(FIRST + THEN)
