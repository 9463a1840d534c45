"""Many open boards in one process of their own: plain sockets that read GET /feed and note when which version came.

`python -m bench.rig.boards PORT SECONDS < tokens` prints "open" once every board has its first whole picture, and in
the end one JSON object: `versions` {version: [seconds, …]} by the monotonic clock, `started` {call: version} for calls
that began to talk, `bytes` in all, `boards` that are still open.
"""

import json
import re
import selectors
import socket
import sys
import time
from typing import Any

_VERSION = re.compile(rb'"v":(\d+)')
END = b"\n\n"


class Boards:
    """All connections. The first one's messages are read whole, of the others' only the version."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self._selector = selectors.DefaultSelector()
        self._rests: dict[int, bytes] = {}
        self.versions: dict[int, list[float]] = {}
        self.started: dict[str, int] = {}
        self.bytes = 0
        self._whole: set[int] = set()
        for number, token in enumerate(tokens):
            one = socket.create_connection(("127.0.0.1", port), timeout=30)
            one.sendall(
                f"GET /feed HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: gridline={token}\r\n\r\n".encode()
            )
            one.setblocking(False)
            self._selector.register(one, selectors.EVENT_READ, number)
            self._rests[number] = b""

    @property
    def open(self) -> int:
        """How many are connected."""
        return len(self._selector.get_map())

    @property
    def whole(self) -> int:
        """How many have had a picture of the floor."""
        return len(self._whole)

    def read(self, seconds: float) -> None:
        """Take in what comes."""
        for key, _ in self._selector.select(seconds):
            assert isinstance(key.fileobj, socket.socket)
            try:
                data = key.fileobj.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                self._selector.unregister(key.fileobj)
                key.fileobj.close()
                continue
            self.bytes += len(data)
            *frames, self._rests[key.data] = (self._rests[key.data] + data).split(END)
            for frame in frames:
                if b"event: floor" in frame:
                    self._floor(key.data, frame, time.monotonic())

    def _floor(self, board: int, frame: bytes, at: float) -> None:
        self._whole.add(board)
        if (found := _VERSION.search(frame)) is None:
            return
        version = int(found[1])
        self.versions.setdefault(version, []).append(at)
        if board == 0:
            message = json.loads(frame[frame.index(b"data: ") + 6 :].partition(b"\n")[0])
            for call, row in message["calls"].items():
                if row and row["stage"] == "talking":
                    self.started.setdefault(call, version)


def main(port: int, seconds: float) -> dict[str, Any]:
    """Open a board for each token on standard input and watch for so long."""
    boards = Boards(port, sys.stdin.read().split())
    end = time.monotonic() + 30
    while boards.whole < boards.open and time.monotonic() < end:
        boards.read(0.5)
    print("open", flush=True)
    boards.bytes = 0
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        boards.read(left)
    return {
        "versions": boards.versions,
        "started": boards.started,
        "bytes": boards.bytes,
        "boards": boards.open,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), float(sys.argv[2]))))
