"""From a socket to committed rows: ears, tape, hearing, floor and ledger as the telephone room has them, on one core.

`python -m bench.rig.floorline PORT EVENTS FOLDER CORE` prints events per second, from the first event until the rows
of the last are committed, and what the rows then have.
"""

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from conf.garbage import settle
from cti.checkpoint import file_of, packed
from cti.ears import Ears
from cti.floor import Floor
from cti.handoff import Handoff
from cti.hears import Hearing
from cti.ledger import Ledger
from cti.memory import Memory
from cti.tape import Mark, Reader, Tape, new_epoch
from cti.twin import Entry, changed_seats
from schema.calls import CallRow, LegRow, SegmentRow
from schema.store import Store
from schema.upgrade import upgrade

NODE = "pbx1"


class FloorLine:
    """Listens to so many events and then waits for the records."""

    def __init__(self, reactor: Any, port: int, events: int, folder: Path) -> None:
        url = f"sqlite:///{folder / 'gridline.sqlite'}"
        upgrade(url)
        self.store = Store(url)
        self._reactor, self._left = reactor, events
        self._tape = Tape(folder, NODE, new_epoch(folder, NODE, Mark()))
        self._hearing, self._floor = Hearing(NODE, Memory()), Floor(self.store.zone)
        self._handoff = Handoff(Mark(), lambda: packed(self._hearing.memory, self._floor.state))
        self._ledger = Ledger(
            self.store, Reader(folder, NODE, Mark()), NODE, Memory(), checkpoint=file_of(folder, NODE),
            handoff=self._handoff,
        )  # fmt: skip
        self._ears = Ears(reactor, "127.0.0.1", port, "none", heard=self._take, changed=lambda up: None)
        self._began = self._cpu = self.seconds = self.cpu_seconds = 0.0

    def start(self) -> None:
        """Listen."""
        self._ledger.start()
        self._ears.start()

    def _take(self, raw: list[bytes], monotonic: int, at: datetime) -> None:
        if not self._began:
            self._began, self._cpu = time.perf_counter(), time.process_time()
        entries: list[Entry] = []
        for frame in self._tape.append(raw, monotonic, at):
            told = [
                (fact, changed_seats(self._floor, self._floor.hear(fact)))
                for fact in self._hearing.hear(frame)
            ]
            entries.append((Mark(frame.epoch, frame.sequence), told))
        self._handoff.give(entries)
        self._ledger.wake()
        self._left -= len(raw)
        if self._left <= 0:
            self._ears.stop()
            self._reactor.callInThread(self._finish)

    def _finish(self) -> None:
        self._ledger.stop(600)
        self.seconds = time.perf_counter() - self._began
        self.cpu_seconds = time.process_time() - self._cpu
        self._tape.close()
        self._reactor.callFromThread(self._reactor.stop)

    @property
    def right(self) -> bool:
        """Whether the floor adds up and nobody is left on it."""
        return self._floor.right and not self._floor.calls


def main(port: int, events: int, folder: Path, core: int) -> None:
    """Measure, and print."""
    os.sched_setaffinity(0, {core})
    from twisted.internet import asyncioreactor

    asyncioreactor.install()
    from twisted.internet import reactor

    line = FloorLine(reactor, port, events, folder)
    settle()
    reactor.callWhenRunning(line.start)
    reactor.run()
    with line.store.read() as session:
        count = {table.__tablename__: session.scalar(select(func.count()).select_from(table))
                 for table in (CallRow, LegRow, SegmentRow)}  # fmt: skip
        open_ = session.scalar(select(func.count()).where(CallRow.outcome == ""))
    line.store.close()
    rates = {"events_per_s": events / line.seconds, "events_per_cpu_s": events / line.cpu_seconds}
    print(json.dumps({**rates, "right": line.right, "calls_open": open_, **count}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
