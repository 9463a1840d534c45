"""The bus of a site that is one process: the log is the outbox table, delivery is by threads."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.bus import Letter
from schema.bus_group import NEW_GROUP_GETS, PAUSES, STORE_PAUSES, Group
from schema.bus_groups import Groups, keep_places
from schema.outbox import BusCursor, OutboxRow
from schema.store import Store, StoreUnreachable

AT_HAND = 1_000
"""Letters a reader holds in memory; what is beyond it reads from the outbox when it gets there."""
CHUNK = 200

log = logging.getLogger(__name__)


class MemoryBus(Groups):
    """Delivers what the relay publishes to the groups of this process, each on a thread of its own.

    Where a durable group has got to is written down at most every `save_every` seconds and at `stop`: after a
    crash it gets again what it had handled since.
    """

    def __init__(self, store: Store, *, pauses: Sequence[float] = PAUSES, save_every: float = 1.0) -> None:
        super().__init__(store, pauses=pauses)
        self._store = store
        self._save_every = save_every
        self._readers: list[_Reader] = []
        self._stopping = threading.Event()
        self._saver = threading.Thread(target=self._keep_saving, name="bus cursors", daemon=True)

    @property
    def state(self) -> str:
        """Always "up": it is this process."""
        return "up"

    def start(self) -> None:
        """Start to deliver; with the database away, as soon as it is back."""
        self.started = True
        groups = [*self._groups.values(), *self._listeners]
        self._readers = [_Reader(group, self._store, self._stopping) for group in groups]
        for reader in self._readers:
            reader.start()
        self._saver.start()
        self._live.start()

    def wake(self) -> None:
        """Look into the outbox for what was published by another process."""
        for reader in self._readers:
            reader.look()

    def stop(self) -> None:
        """Stop delivering; 5 s at most."""
        self._stopping.set()
        self._live.stop()
        end = time.monotonic() + 5
        for reader in self._readers:
            reader.look()
        for reader in self._readers:
            reader.join(max(0.0, end - time.monotonic()))
        if self._saver.is_alive():
            self._saver.join(max(0.1, end - time.monotonic()))

    def look(self) -> bool:
        """Nothing is ever lost: the outbox is the log."""
        return False

    def place(self, session: Session, last: int) -> int:
        """The outbox's own last place."""
        return last

    def carry(self, letters: Sequence[Letter]) -> None:
        """Nothing yet: if their commit fails, nobody has heard of them."""

    def carried(self, letters: Sequence[Letter], after: int) -> None:
        """Hand them to the readers."""
        for reader in self._readers:
            reader.offer(letters, after)

    def _keep_saving(self) -> None:
        while not self._stopping.wait(self._save_every):
            self._save()
        for reader in self._readers:
            reader.join(5)
        self._save()

    def _save(self) -> None:
        moved = [(reader, reader.handled) for reader in self._readers if reader.unsaved]
        if not moved:
            return
        try:
            with self._store.work() as work:
                keep_places(work, {reader.group.name: handled for reader, handled in moved})
        except StoreUnreachable:
            return  # they are still unsaved, the next turn tries again
        except Exception:
            log.exception("cursors could not be saved")
            return
        for reader, handled in moved:
            reader.saved = handled


class _Reader:
    """One group's way along the published order: letters handed over by the relay, or read from the outbox."""

    def __init__(self, group: Group, store: Store, stopping: threading.Event) -> None:
        self.group = group
        self.handled = -1  # the place of the last letter done with; -1 until the database has told
        self.saved = -1
        self._store = store
        self._stopping = stopping
        self._changed = threading.Condition()
        self._letters: deque[Letter] = deque()
        self._end = -1  # the place of the last letter at hand, or done with when none is
        self._behind = False  # whether the outbox may hold more than is at hand
        self._thread = threading.Thread(target=self._run, name=f"bus {group.name}", daemon=True)

    @property
    def unsaved(self) -> bool:
        """Whether the database does not know yet where this durable group has got to."""
        return self.group.durable and self.handled != self.saved

    def start(self) -> None:
        """Find the place to begin at, and begin."""
        try:
            self._find_place()
        except StoreUnreachable:
            log.warning("group %s waits for the database", self.group.name)
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait for the thread to end."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def look(self) -> None:
        """There may be more in the outbox (or it is time to stop)."""
        with self._changed:
            self._behind = True
            self._changed.notify()

    def offer(self, letters: Sequence[Letter], after: int) -> None:
        """These were published, following the place `after`."""
        with self._changed:
            if self._end >= letters[-1].seq:
                return  # read from the outbox meanwhile
            if self._end == after and not self._behind and len(self._letters) + len(letters) <= AT_HAND:
                self._letters.extend(letters)
                self._end = letters[-1].seq
            else:
                self._behind = True
            self._changed.notify()

    def _find_place(self) -> None:
        with self._store.read() as session:
            last = session.scalar(select(func.max(OutboxRow.seq))) or 0
            cursor = session.get(BusCursor, self.group.name) if self.group.durable else None
        if not self.group.durable:
            begin = last
        elif cursor is None:
            begin = max(0, last - NEW_GROUP_GETS)
        else:
            begin = self.saved = cursor.seq
        with self._changed:
            self.handled = self._end = begin
            self._behind = True

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            try:
                if self.handled < 0:
                    self._find_place()
                letter = self._next()
            except StoreUnreachable:
                self._stopping.wait(STORE_PAUSES[min(tries, len(STORE_PAUSES) - 1)])
                tries += 1
                continue
            except Exception:
                log.exception("group %s cannot read the outbox", self.group.name)
                self._stopping.wait(STORE_PAUSES[-1])
                continue
            tries = 0
            if letter is not None and self.group.handle(letter, self._stopping):
                self.handled = letter.seq

    def _next(self) -> Letter | None:
        with self._changed:
            if not self._letters and not self._behind:
                self._changed.wait()
            if self._stopping.is_set():
                return None
            if self._letters:
                return self._letters.popleft()
        self._read()
        return None

    def _read(self) -> None:
        with self._changed:
            self._behind = False
        try:
            with self._store.read() as session:
                rows = session.execute(
                    select(OutboxRow.seq, OutboxRow.key, OutboxRow.name, OutboxRow.at, OutboxRow.body)
                    .where(OutboxRow.seq > self._end)
                    .order_by(OutboxRow.seq)
                    .limit(CHUNK)
                )
                letters = [Letter(*row) for row in rows if row[0] is not None]
        except BaseException:
            self.look()
            raise
        with self._changed:
            new = [letter for letter in letters if letter.seq > self._end]
            if new and self._letters:
                self._behind = True  # others were handed over meanwhile: these come after them
            elif new:
                self._letters.extend(new)
                self._end = new[-1].seq
            if len(letters) == CHUNK:
                self._behind = True
