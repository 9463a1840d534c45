"""The bus of a site of several processes: one Redis stream, a consumer group for each durable group.

An entry's id is ``<seq>-0``, so Redis itself refuses a place used twice. Redis may lose everything: the outbox
is the log, and what a group had not handled is put back from it.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.bus import BusDown, Letter
from schema.bus_group import NEW_GROUP_GETS, PAUSES
from schema.bus_groups import Groups, keep_places
from schema.bus_redis_live import LiveReader
from schema.bus_redis_readers import GroupReader, Reader, TailReader
from schema.bus_redis_stream import Stream
from schema.ids import uuid7
from schema.outbox import BusCursor, OutboxRow
from schema.store import Store, StoreUnreachable

PEER_TIMEOUT = 2.0
"""Seconds after which a Redis that takes a command and says nothing counts as down."""
PUT_BACK = 1_000

log = logging.getLogger(__name__)


class RedisBus(Groups):
    """Redis Streams and publish/subscribe at `url`; every key begins with `prefix`.

    Entries that a dead process held are taken over by another member of the group `claim_after` seconds after
    its last sign of life. The stream is trimmed only behind what every group has handled, and holds at least
    the last 10,000 and at most `longest` entries; a group that falls further behind finds the rest in the outbox
    when its process is started again.
    """

    def __init__(
        self,
        url: str,
        prefix: str,
        store: Store,
        *,
        pauses: Sequence[float] = PAUSES,
        claim_after: float = 5.0,
        longest: int = 500_000,
    ) -> None:
        super().__init__(store, pauses=pauses, away=self._shout_away)
        self._store = store
        self._prefix = prefix
        self._claim_after = claim_after
        self._client = _client(url, PEER_TIMEOUT)
        # A blocking read lasts up to BLOCK; the socket's patience must be longer, or an idle stream looks dead.
        self._reading = _client(url, 5.0)
        self._stream = Stream(self._client, f"{prefix}:bus", longest)
        self._member = f"{socket.gethostname()}-{os.getpid()}-{uuid7().hex[-8:]}"
        self._readers: list[Reader] = []
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="bus keeper", daemon=True)
        self._state = "up"
        self._top = 0  # the highest place this process has seen on the stream

    @property
    def state(self) -> str:
        """ "up", or "down" while Redis does not answer."""
        return self._state

    def start(self) -> None:
        """Start to deliver; with Redis or the database away, as soon as they are back."""
        self.started = True
        stream = Stream(self._reading, self._stream.key, self._stream.longest)
        self._readers = [
            GroupReader(group, self._store, stream, self._member, self._claim_after, self._stopping)
            for group in self._groups.values()
        ]
        self._readers += [TailReader(listener, stream, self._stopping) for listener in self._listeners]
        if self._live.topics:
            self._readers.append(
                LiveReader(self._reading, f"{self._prefix}:live:", self._live, self._stopping)
            )
        for reader in self._readers:
            reader.start()
        self._keeper.start()
        self._live.start()

    def wake(self) -> None:
        """Nothing to do: Redis wakes its readers."""

    def stop(self) -> None:
        """Stop delivering; 5 s at most."""
        self._stopping.set()
        end = time.monotonic() + 5
        for reader in self._readers:
            reader.join(max(0.0, end - time.monotonic()))
        if self._keeper.is_alive():
            self._keeper.join(max(0.1, end - time.monotonic()))
        self._live.stop()
        self._client.close()
        self._reading.close()

    # -- for the relay -------------------------------------------------------------------------------------

    def look(self) -> bool:
        """See `schema.bus.Carrier.look`."""
        try:
            top = self._stream.top()
        except redis.RedisError as error:
            raise self._down(error) from error
        self._up()
        lost = top < self._top
        self._top = max(top, self._top)
        return lost

    def place(self, session: Session, last: int) -> int:
        """See `schema.bus.Carrier.place`."""
        try:
            top = self._stream.top()
            if top < last:
                self._put_back(session, top, last)
                top = last
        except redis.RedisError as error:
            raise self._down(error) from error
        self._top = top
        return top

    def carry(self, letters: Sequence[Letter]) -> None:
        """See `schema.bus.Carrier.carry`."""
        try:
            self._stream.add(letters)
        except redis.RedisError as error:
            raise self._down(error) from error

    def carried(self, letters: Sequence[Letter], after: int) -> None:
        """They are with the readers already."""
        self._top = max(self._top, letters[-1].seq)

    def _put_back(self, session: Session, top: int, last: int) -> None:
        """Fill the stream again from where the hindmost group stands, for Redis has lost what was after `top`."""
        handled = session.scalar(select(func.min(BusCursor.seq)))
        if handled is None:
            handled = last - NEW_GROUP_GETS
        begin = max(top, handled, last - self._stream.longest)
        log.warning("the stream ends at %d, the outbox at %d: putting back what follows %d", top, last, begin)
        while begin < last:
            rows = session.execute(
                select(OutboxRow.seq, OutboxRow.key, OutboxRow.name, OutboxRow.at, OutboxRow.body)
                .where(OutboxRow.seq > begin)
                .order_by(OutboxRow.seq)
                .limit(PUT_BACK)
            )
            letters = [Letter(*row) for row in rows if row[0] is not None]
            if not letters:
                return
            self._stream.add(letters)
            begin = letters[-1].seq

    # -- housekeeping --------------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Every second: sign of life for what is in hand, write down how far groups are, trim."""
        saved: dict[str, int] = {}
        while not self._stopping.wait(1.0):
            try:
                for reader in self._readers:
                    reader.still_alive()
                handled = self._stream.handled()
                self._stream.trim(handled)
                mine = {name: seq for name, seq in handled.items() if name in self._groups}
                self._save({name: seq for name, seq in mine.items() if seq > saved.get(name, -1)})
                saved |= mine
                self._up()
            except redis.RedisError as error:
                self._down(error)
            except StoreUnreachable:
                pass  # the cursors are for the day Redis loses everything; the next turn saves them
            except Exception:
                log.exception("the bus's housekeeping failed")

    def _save(self, cursors: dict[str, int]) -> None:
        if not cursors:
            return
        with self._store.work() as work:
            keep_places(work, cursors)

    def _shout_away(self, topic: str, payload: bytes) -> None:
        try:
            self._client.publish(f"{self._prefix}:live:{topic}", payload)
        except redis.RedisError as error:
            self._down(error)

    def _up(self) -> None:
        if self._state != "up":
            self._state = "up"
            log.info("Redis answers again")

    def _down(self, error: Exception) -> BusDown:
        reason = f"Redis does not answer: {str(error).partition(chr(10))[0]}"
        if self._state != "down":
            self._state = "down"
            log.warning("%s; messages wait in the outbox", reason)
        return BusDown(reason)


def _client(url: str, timeout: float) -> Any:
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=32,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=2.0,
        socket_keepalive=True,
        # We try again ourselves, knowing what was asked; a client that repeats a write alone does not.
        retry=Retry(NoBackoff(), 0),
    )
    return redis.Redis(connection_pool=pool)
