"""The relay: gives committed outbox rows their place in the published order, and puts them on the bus."""

import logging
import threading

from sqlalchemy import exists, func, select, update

from schema.bus import BusDown, Carrier, Letter
from schema.outbox import OutboxRow
from schema.store import RELAY_LOCK, Store, StoreUnreachable, alone

BATCH = 500
log = logging.getLogger(__name__)


class Relay:
    """Publishes after each commit of `store` that spoke, and looks every `poll` seconds for what others left.

    Any number may work on one database: they take turns under a lock (PostgreSQL: advisory; SQLite: its own).
    A row gets its place in the transaction that hands it to the bus, so one that could not be handed over stays
    unpublished and is tried again; the loss of database or bus only delays.
    """

    def __init__(self, store: Store, bus: Carrier, *, poll: float = 1.0) -> None:
        self._store = store
        self._bus = bus
        self._poll = poll
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._state = "up"
        store.committed.append(self.wake)

    @property
    def state(self) -> str:
        """ "up", or "down" while database or bus do not answer."""
        return self._state

    def wake(self) -> None:
        """Rows were committed: look now. Cheap, from any thread."""
        self._asked.set()

    def start(self) -> None:
        """Begin to publish, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Publish what is there, if it can be done now, and stop; 5 s at most."""
        self._stopping.set()
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join(5)
        if self.wake in self._store.committed:
            self._store.committed.remove(self.wake)

    def publish(self) -> int:
        """Publish one batch, at most 500 rows; returns how many. Raises StoreUnreachable, BusDown."""
        self._bus.look()
        with self._store.work() as work:
            session = work.session
            alone(session, RELAY_LOCK)
            last = session.scalar(select(func.max(OutboxRow.seq))) or 0
            after = self._bus.place(session, last)
            waiting = (
                select(OutboxRow.id, func.row_number().over(order_by=OutboxRow.id).label("turn"))
                .where(OutboxRow.seq.is_(None))
                .order_by(OutboxRow.id)
                .limit(BATCH)
                .subquery()
            )
            rows = session.execute(
                update(OutboxRow)
                .where(OutboxRow.id == waiting.c.id)
                .values(seq=after + waiting.c.turn)
                .returning(OutboxRow.seq, OutboxRow.key, OutboxRow.name, OutboxRow.at, OutboxRow.body)
                .execution_options(synchronize_session=False)
            )
            letters = sorted((Letter(*row) for row in rows), key=lambda letter: letter.seq)
            if letters:
                self._bus.carry(letters)
        if letters:
            self._bus.carried(letters, after)
        return len(letters)

    def _left(self) -> bool:
        with self._store.read() as session:
            return bool(session.scalar(select(exists().where(OutboxRow.seq.is_(None)))))

    def _run(self) -> None:
        told = True  # at the start a crashed process may have left rows, and the bus may have lost messages
        while True:
            self._asked.clear()
            try:
                if told or self._bus.look() or self._left():
                    while self.publish() == BATCH and not self._stopping.is_set():
                        pass
                self._is("up")
                told = False
            except (StoreUnreachable, BusDown) as error:
                self._is("down", str(error))
                told = True
            except Exception:
                # Whatever it was, the rows are still there: stopping here would silence the whole site.
                log.exception("relay failed")
                self._is("down", "an error, see above")
                told = True
            if self._stopping.is_set():
                return
            if self._state == "down":
                self._stopping.wait(min(self._poll, 1.0))
            else:
                told = self._asked.wait(self._poll)

    def _is(self, state: str, reason: str = "") -> None:
        if state != self._state:
            log.log(logging.INFO if state == "up" else logging.WARNING, "relay is %s %s", state, reason)
            self._state = state
