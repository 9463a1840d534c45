"""The ledger: follows the tape and writes rows, facts and the mark in one commit each, on a thread of its own.

What is heard comes to it by the hand-off. The tape stands behind that: after a start, or when the database was away
for long, the ledger hears the tape itself with a twin, from the checkpoint (`cti.checkpoint`) on, until it has caught
up. It writes from the rows' mark on, so after any crash every row and every fact comes out once, and nothing
piles up in memory.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid5

import structlog

from cti import checkpoint as checkpoints
from cti.floor import Floor
from cti.handoff import Handoff, Kept
from cti.live import HOLD, LiveSeat
from cti.memory import Memory
from cti.tape import Mark, Reader
from cti.twin import Entry, Twin
from schema.desk import marks
from schema.desk.autocalls import answer_visit
from schema.desk.books import Books
from schema.desk.errors import Refused
from schema.desk.ratings import rate
from schema.facts import Fact, RatingGiven, VisitAnswered
from schema.orders import RateCase
from schema.store import Store, StoreUnreachable, UnitOfWork

FIRST_WAIT, LONGEST_WAIT = 0.2, 3.0
LOOK_EVERY = 1.0
PACE = 0.2
"""Seconds from one commit to the next: the first fact after a silence is written at once, a busy floor's together.
A full batch is followed by the next without a pause: then there is ground to make up."""
BUSY, BUSY_PACE = 200, 0.6
"""After so many frames in one batch the next may wait for longer: most rows then change once instead of three times."""
BATCH = 4000
CHECKPOINT_EVERY = 2.0
log = structlog.get_logger()


class Ledger:
    """Writes the records of one node. `wake` is called, from any thread, when the tape has grown.

    `memory` and `floor` are what was known where the reader begins, the ledger's own; `checkpoint` is the file to keep
    them in. `kept` is how far back the tape is still needed. Without a hand-off it lives by the tape alone.
    """

    def __init__(
        self, store: Store, reader: Reader, node: str, memory: Memory, *, floor: Floor | None = None,
        checkpoint: Path | None = None, handoff: Handoff | None = None,
    ) -> None:  # fmt: skip
        self._store, self._node, self._handoff = store, node, handoff
        floor = floor or Floor(store.zone)
        self._wrap_up = floor.wrap_up.total_seconds()
        self._twin: Twin | None = Twin(reader, node, memory, floor)
        self._checkpoint, self._kept_at = checkpoint, -math.inf
        self._books: Books | None = None
        self._rows = Mark()
        self._said: list[Fact] = []
        self._pace = PACE
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._caught_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self.mark = self.kept = reader.mark

    def start(self) -> None:
        """Begin to follow the tape, if it has not begun."""
        if self._thread.ident is None:
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
        if self._twin is not None:
            self._twin.close()

    def step(self, most: int = 0) -> bool:
        """Take one batch off the tape, `most` frames of it, and write it; False when there was none. Blocks while the
        store is away."""
        if self._books is None:
            self._patiently(self._open)
        entries = self._next(most or BATCH)
        if not entries:
            if self._books is not None and self._books.waits:
                self._patiently(self._commit)
            return False
        full = len(entries) == (most or BATCH)
        self._pace = 0.0 if full else BUSY_PACE if len(entries) >= BUSY else PACE
        self._keep(entries)
        self._keep_checkpoint()
        return True

    def _next(self, most: int) -> list[Entry]:
        """The next frames: by the hand-off when it has them all, else off the tape."""
        if self._handoff is not None and (given := self._handoff.take(self.mark, most)) is not None:
            if self._twin is not None:
                self._twin.close()
                self._twin = None
            return given
        if self._twin is None:
            assert self._checkpoint is not None
            log.info("the ledger reads the tape", mark=str(self.mark))
            self._twin = Twin.of(self._checkpoint, self._node, self._rows, self._store.zone, self._wrap_up)
            self.mark = self._twin.mark
        return self._twin.read(most)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            began = time.monotonic()
            try:
                more = self.step()
            except StoreUnreachable:
                return
            except Exception:
                # Never the end of the ledger. What it had in hand is on the tape: it begins again with what is kept.
                log.exception("the ledger stumbled")
                self._begin_again()
                more = False
                self._stopping.wait(LONGEST_WAIT)
            if more:
                self._stopping.wait(max(began + self._pace - time.monotonic(), 0.0))
            else:
                if not self._woken.is_set():
                    self._caught_up.set()
                self._woken.wait(LOOK_EVERY)

    def _begin_again(self) -> None:
        if self._checkpoint is not None:
            if self._twin is not None:
                self._twin.close()
            self._twin, self._books, self.mark = None, None, Mark()

    def _keep(self, entries: list[Entry]) -> None:
        self.mark = entries[-1][0]
        if not any(told for _, told in entries) and len(entries) < BATCH:
            return  # nothing of interest: the rows' mark may lag, what it passes over again has no facts either way
        try:
            self._enter(entries)
            self._patiently(self._commit)
        except StoreUnreachable:
            raise  # we are being stopped: the tape has it all
        except Exception:
            self._singly(entries)

    def _singly(self, entries: list[Entry]) -> None:
        """A batch that cannot be written is written frame by frame; what then cannot be is passed over."""
        for entry in entries:
            self._patiently(self._open)
            try:
                self._enter([entry])
                self._patiently(self._commit)
            except StoreUnreachable:
                raise
            except Exception:
                mark, told = entry
                names = [type(fact).__name__ for fact, _ in told]
                log.exception("a fact cannot be recorded and is passed over", mark=str(mark), facts=names)
                self._patiently(self._open)
                self._enter([(mark, [])])
                self._patiently(self._commit)

    def _open(self) -> None:
        """The books as the rows have them, and how far they are."""
        with self._store.read() as session:
            self._rows = Mark(*marks.behind(session, self._node))
            self._books = Books.opened(session, self._node)
        self._said.clear()

    def _enter(self, entries: Sequence[Entry]) -> None:
        """Into the books, in memory."""
        assert self._books is not None
        for mark, told in entries:
            if mark <= self._rows:
                continue
            for fact, seats in told:
                self._books.hear(fact)
                if self._books.says(fact):
                    self._said.append(fact)
                for seat, live in seats:
                    self._spell(self._books, seat, live, fact.at)
            self._rows = mark

    def _spell(self, books: Books, seat: str, live: LiveSeat | None, at: datetime) -> None:
        if live is None:
            books.spells.close(seat, at)
            return
        state = live.state
        reason = live.paused if state == "paused" else ""
        call = live.call if state in ("ringing", "talking", "wrapup") else None
        # Who is only asked about a citizen on hold talks meanwhile.
        held = state == "talking" and live.citizen == HOLD and live.why != "consult"
        books.spells.turn(seat, live.user, HOLD if held else state, at, reason=reason, call=call)

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

    def _commit(self) -> None:
        assert self._books is not None
        with self._store.work() as work:
            # A commit whose answer was lost may have happened: the mark says so.
            ahead = Mark(*marks.behind(work.session, self._node)) < self._rows
            if ahead or self._books.waits:
                self._books.write(work.session)
            if ahead:
                work.emit_all(self._said)
                for fact in self._said:
                    if isinstance(fact, RatingGiven):
                        _rate(work, fact)
                    elif isinstance(fact, VisitAnswered):
                        answer_visit(work, fact)
                marks.advance(work, self._node, self._rows.epoch, self._rows.sequence)
        self._books.written()
        self._said.clear()

    def _keep_checkpoint(self) -> None:
        """Now and then, what is known at the mark."""
        now = time.monotonic()
        if self._checkpoint is None:
            return
        kept: Kept | None = None
        if self._handoff is not None:
            kept = self._handoff.kept(self.mark)
        if kept is None and now - self._kept_at >= CHECKPOINT_EVERY:
            self._kept_at = now
            if self._twin is not None:
                kept = (self.mark, *self._twin.state)
            elif self._handoff is not None:
                self._handoff.ask()
        if kept is None:
            return
        mark, memory, floor = kept
        try:
            checkpoints.save(self._checkpoint, mark, self._rows, memory, floor)
            self.kept = mark
        except OSError as error:
            log.warning("the checkpoint cannot be written", reason=str(error))


def _rate(work: UnitOfWork, fact: RatingGiven) -> None:
    order = RateCase(order=uuid5(fact.call, "rating"), contact=fact.contact, case=fact.case, score=fact.score)
    try:
        with work.session.begin_nested():
            rate(work, order)
    except Refused as error:
        log.info("a rating was not taken", case=str(fact.case), reason=str(error))
