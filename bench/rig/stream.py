"""A recorded AMI stream, played by a process of its own to whoever logs in: the other end of the ears' benches.

`python -m bench.rig.stream TAPE COPIES FRESH` prints its port, waits for one login, and sends the tape so many times;
FRESH is 1 when every copy after the first is to be of other calls under other channels.
"""

import lzma
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TAPES = Path(__file__).parents[2] / "tests" / "tapes"
END = b"\r\n\r\n"
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LET_IN = b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
_CHANNEL = re.compile(rb"(?<=[ _])(\d{10})(?=\.\d+)")
_ID = re.compile(rb"\b([0-9a-f]{8})(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)")


def messages(name: str) -> list[bytes]:
    """The events of a recorded stream (``.ami.xz``) or of a tape (``.tape.xz``), without their empty lines."""
    if (file := TAPES / f"{name}.ami.xz").exists():
        whole = lzma.decompress(file.read_bytes()).partition(b"\r\n")[2].split(END)
        return [message for message in whole if message.startswith(b"Event:")]
    data, found = lzma.decompress((TAPES / f"{name}.tape.xz").read_bytes()), []
    place = data.index(b"\n") + 1
    while place < len(data):
        end = data.index(b"\n", place)
        length = int(data[place:end].rpartition(b" ")[2])
        found.append(data[end + 1 : end + 1 + length])
        place = end + length + 2
    return found


def again(calls: bytes, number: int) -> bytes:
    """The same calls under other channels and ids."""
    other = _CHANNEL.sub(lambda found: b"%d" % (int(found[1]) + 1000 * number), calls)
    return _ID.sub(lambda found: b"%08x" % ((int(found[1], 16) + number) & 0xFFFFFFFF), other)


def copies(events: list[bytes], count: int, fresh: bool) -> Iterator[bytes]:
    """The tape so many times. Fresh copies leave out what came before the first call: the seats are there already."""
    whole = b"".join(event + END for event in events)
    yield whole
    first = next((n for n, event in enumerate(events) if event.startswith(b"Event: Newchannel")), 0)
    calls = b"".join(event + END for event in events[first:])
    for number in range(1, count):
        yield again(calls, number) if fresh else whole


def length(events: list[bytes], count: int, fresh: bool) -> int:
    """How many events `copies` makes."""
    first = next((n for n, event in enumerate(events) if event.startswith(b"Event: Newchannel")), 0)
    return len(events) + (count - 1) * (len(events) - (first if fresh else 0))


@contextmanager
def played(name: str, count: int, fresh: bool) -> Iterator[int]:
    """The process, ready; its port."""
    words = [sys.executable, "-m", "bench.rig.stream", name, str(count), str(int(fresh))]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield int(child.stdout.readline())
        finally:
            child.kill()


def main(name: str, count: int, fresh: bool) -> None:
    """Send it once, as fast as it is taken."""
    events = messages(name)
    # Made before anybody listens, or the making would be measured; a tape that only repeats is kept once.
    ready = list(copies(events, count, fresh)) if fresh else [next(copies(events, 1, False))] * count
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        link, _ = server.accept()
        with link:
            link.sendall(BANNER)
            while END not in link.recv(4096):
                pass
            link.sendall(LET_IN)
            for part in ready:
                link.sendall(part)
            with suppress(ConnectionResetError):
                while link.recv(4096):  # pings, until the other end has heard enough
                    pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1")
