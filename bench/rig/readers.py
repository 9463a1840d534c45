"""Three readers of an AMI stream, each in a process of its own on one core: ours, panoramisk, and a plain asyncio one.

`python -m bench.rig.readers WHO PORT EVENTS FOLDER CORE` prints the processor seconds and the seconds it took from the
first event to the last, and how its resident memory grew from the first tenth on (MB).
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import resident_mb
from cti.ears import Ears
from cti.tape import Mark, Tape, files, new_epoch

LOGIN = b"Action: Login\r\nUsername: bench\r\nSecret: none\r\n\r\n"


class Count:
    """Counts events down to the end of the measurement, which `done` is told."""

    def __init__(self, events: int, done: Callable[[], Any]) -> None:
        self._events, self._left, self._done = events, events, done
        self._began = self._cpu = 0.0
        self._early = 0.0
        self.figures: dict[str, float] = {}

    def heard(self, count: int) -> None:
        """So many more events came."""
        if not self._began:
            self._began, self._cpu = time.perf_counter(), time.process_time()
        before, self._left = self._left, self._left - count
        tenth = self._events * 9 // 10
        if before > tenth >= self._left:
            self._early = resident_mb(os.getpid())
        if before > 0 >= self._left:
            self.figures = {
                "cpu_s": time.process_time() - self._cpu,
                "wall_s": time.perf_counter() - self._began,
                "rss_growth_mb": resident_mb(os.getpid()) - self._early,
            }
            self._done()


def ours(port: int, events: int, folder: Path) -> dict[str, float]:
    """The ears and the tape; a tape file that is full is deleted, as pruning does later."""
    from twisted.internet import asyncioreactor

    asyncioreactor.install()
    from twisted.internet import reactor

    twisted: Any = reactor
    tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", Mark()))
    count = Count(events, twisted.stop)

    def take(raw: list[bytes], monotonic: int, at: datetime) -> None:
        count.heard(len(tape.append(raw, monotonic, at)))
        if tape.sequence % 50_000 < len(raw):
            for old in files(folder, "pbx1")[:-1]:
                old.unlink()

    ears = Ears(twisted, "127.0.0.1", port, "none", heard=take, changed=lambda up: None)
    twisted.callWhenRunning(ears.start)
    twisted.run()
    tape.close()
    return count.figures


def panoramisk(port: int, events: int, _folder: Path) -> dict[str, float]:
    """Panoramisk's manager with one listener for everything."""
    from panoramisk import Manager

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    count = Count(events, loop.stop)
    manager = Manager(loop=loop, host="127.0.0.1", port=port, username="bench", secret="none", ping_delay=0)
    manager.register_event("*", lambda _manager, _message: count.heard(1))
    connected = manager.connect()
    loop.run_forever()
    del connected
    return count.figures


class Plain(asyncio.Protocol):
    """What one writes in an hour: pieces to messages, messages to lines, lines to a dictionary."""

    def __init__(self, heard: Callable[[dict[str, str]], None]) -> None:
        self._heard = heard
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        """Log in."""
        transport.write(LOGIN)

    def data_received(self, data: bytes) -> None:
        """Take a piece."""
        *messages, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for message in messages:
            event: dict[str, str] = {}
            for line in message.decode("utf-8", "replace").split("\r\n"):
                name, _, value = line.partition(": ")
                event[name] = value
            if "Event" in event:
                self._heard(event)


def plain(port: int, events: int, _folder: Path) -> dict[str, float]:
    """The plain reader."""

    async def run() -> dict[str, float]:
        over = asyncio.Event()
        count = Count(events, over.set)
        loop = asyncio.get_running_loop()
        link, _ = await loop.create_connection(lambda: Plain(lambda _: count.heard(1)), "127.0.0.1", port)
        await over.wait()
        link.abort()
        return count.figures

    return asyncio.run(run())


READERS: dict[str, Callable[[int, int, Path], dict[str, float]]] = {
    "ours": ours,
    "panoramisk": panoramisk,
    "plain": plain,
}


def main(who: str, port: int, events: int, folder: Path, core: int) -> None:
    """Measure, and print."""
    os.sched_setaffinity(0, {core})
    print(json.dumps(READERS[who](port, events, folder)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
