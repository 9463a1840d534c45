"""The ledger: follows the tape and writes rows, facts and the mark in one commit each, on a thread of its own.

The tape is its queue: with the database away nothing piles up here, the ledger simply stands still and then catches up.
After any crash it begins at the mark with a memory read from the rows, so every row and every fact comes out once.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid5

import structlog

from cti import checkpoint as kept
from cti.floor import Floor
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard, Mark, Reader
from schema.desk import calls, seats
from schema.desk.errors import Refused
from schema.desk.ratings import rate
from schema.facts import CallFact, Fact, RatingGiven, SeatFact
from schema.orders import RateCase
from schema.store import Store, StoreUnreachable, UnitOfWork

FIRST_WAIT, LONGEST_WAIT = 0.2, 3.0
LOOK_EVERY = 1.0
BATCH = 300
CHECKPOINT_EVERY = 2.0
Entry = tuple[Mark, list[Fact]]
log = structlog.get_logger()


class Ledger:
    """Writes the records of one node. `wake` is called, from any thread, when the tape has grown."""

    def __init__(
        self, store: Store, reader: Reader, node: str, memory: Memory, *, floor: Floor | None = None,
        checkpoint: Path | None = None,
    ) -> None:  # fmt: skip
        self._store, self._reader, self._node = store, reader, node
        self._hearing = Hearing(node, memory)
        self._floor, self._checkpoint = floor, checkpoint
        self._kept_at = 0.0
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._caught_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self.mark = self._committed = reader.mark

    def start(self) -> None:
        """Begin to follow the tape."""
        self._thread.start()

    def wake(self) -> None:
        """The tape has grown. Cheap, from any thread."""
        self._caught_up.clear()
        self._woken.set()

    def caught_up(self, seconds: float) -> bool:
        """Wait until all of the tape is in the rows; False when it is not within `seconds`."""
        return self._caught_up.wait(seconds)

    def stop(self, seconds: float = 3.0) -> None:
        """Write what is on the tape, if the database takes it within `seconds`, and end."""
        if self._thread.is_alive():
            self.wake()
            self.caught_up(seconds)
            self._stopping.set()
            self._woken.set()
            self._thread.join(seconds)
        self._reader.close()

    def step(self) -> bool:
        """Take one batch off the tape and write it; False when there was none. Blocks while the store is away."""
        frames = self._reader.read(BATCH)
        if not frames:
            return False
        self._keep([(Mark(frame.epoch, frame.sequence), self._hear(frame)) for frame in frames])
        self._keep_checkpoint()
        return True

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                more = self.step()
            except StoreUnreachable:
                return
            except Exception:
                # Never the end of the ledger: it can only be the tape itself that is not readable now.
                log.exception("the ledger stumbled")
                more = False
                self._stopping.wait(LONGEST_WAIT)
            if not more:
                if not self._woken.is_set():
                    self._caught_up.set()
                self._woken.wait(LOOK_EVERY)

    def _hear(self, frame: Heard) -> list[Fact]:
        facts = self._hearing.hear(frame)
        if self._floor is not None:
            for fact in facts:
                self._floor.hear(fact)
        return facts

    def _keep_checkpoint(self) -> None:
        """Now and then, what is known at the mark; without it a restart would read it off the rows."""
        now = time.monotonic()
        if self._checkpoint is None or self._floor is None or now - self._kept_at < CHECKPOINT_EVERY:
            return
        self._kept_at = now
        try:
            kept.save(self._checkpoint, self.mark, self._committed, self._hearing.memory, self._floor.state)
        except OSError as error:
            log.warning("the checkpoint cannot be written", reason=str(error))

    def _keep(self, entries: list[Entry]) -> None:
        if not any(facts for _, facts in entries) and len(entries) < BATCH:
            # Nothing of interest: the mark may lag, what it passes over again has no facts either way.
            self.mark = entries[-1][0]
            return
        try:
            self._patiently(lambda: self._write(entries))
        except StoreUnreachable:
            raise  # we are being stopped: the tape has it all
        except Exception:
            if len(entries) == 1:
                mark, facts = entries[0]
                names = [type(fact).__name__ for fact in facts]
                log.exception("a fact cannot be recorded and is passed over", mark=str(mark), facts=names)
                self._patiently(lambda: self._write([(mark, [])]))
                return
            for entry in entries:
                self._keep([entry])

    def _patiently(self, write: Callable[[], None]) -> None:
        """Write, waiting for the database as long as it takes."""
        wait = FIRST_WAIT
        while True:
            try:
                return write()
            except StoreUnreachable as error:
                if self._stopping.is_set():
                    raise
                if wait == FIRST_WAIT:
                    log.warning("call records wait for the database", reason=str(error))
                self._stopping.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _write(self, entries: list[Entry]) -> None:
        with self._store.work() as work:
            # A commit whose answer was lost may have happened: the mark says so.
            done = Mark(*calls.behind(work.session, self._node))
            for mark, facts in entries:
                if mark > done:
                    for fact in facts:
                        self._record(work, fact)
            if entries[-1][0] > done:
                calls.advance(work, self._node, entries[-1][0].epoch, entries[-1][0].sequence)
        self.mark = self._committed = entries[-1][0]

    def _record(self, work: UnitOfWork, fact: Fact) -> None:
        if isinstance(fact, CallFact):
            calls.record(work, fact)
        elif isinstance(fact, SeatFact):
            seats.record(work, fact)
        work.emit(fact)
        if isinstance(fact, RatingGiven):
            order = RateCase(
                order=uuid5(fact.call, "rating"), contact=fact.contact, case=fact.case, score=fact.score
            )
            try:
                with work.session.begin_nested():
                    rate(work, order)
            except Refused as error:
                log.info("a rating was not taken", case=str(fact.case), reason=str(error))
