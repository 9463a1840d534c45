"""Readers of the Redis bus: a member of a durable group, and a listener from now on."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

import redis
from sqlalchemy import func, select

from schema.bus import Letter
from schema.bus_group import NEW_GROUP_GETS, Group
from schema.bus_redis_stream import Entry, Stream, letters_of, seq_of
from schema.outbox import BusCursor, OutboxRow
from schema.store import RELAY_LOCK, Store, StoreUnreachable, alone

BLOCK = 250
"""Milliseconds a read waits for something to come, and so how long `stop` may wait for it."""
CHUNK = 50
GIVEN_UP = "left"
"""The name under which a member that leaves puts what it had not begun, for others to take at once."""
AGES = 3_600_000

log = logging.getLogger(__name__)


class Reader(ABC):
    """A thread that reads until told to stop, and begins anew whenever Redis or the database was away."""

    def __init__(self, name: str, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._thread = threading.Thread(target=self._run, name=f"bus {name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait for the thread to end."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def still_alive(self) -> None:  # noqa: B027 - most have nobody to tell
        """Give a sign of life; called every second from another thread. Raises redis.RedisError."""

    def _begin(self) -> None:  # noqa: B027 - most have nothing to begin with
        """Whatever comes before the first turn, and again after each loss."""

    @abstractmethod
    def _turn(self) -> None:
        """Read once and handle what came."""

    def _end(self) -> None:  # noqa: B027 - most just stop
        """Leave in order."""

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._begin()
                while not self._stopping.is_set():
                    self._turn()
            except (redis.RedisError, OSError, StoreUnreachable) as error:
                log.info("%s begins anew: %s", self._thread.name, str(error).partition("\n")[0])
                self._stopping.wait(0.3)
            except Exception:
                log.exception("%s failed and begins anew", self._thread.name)
                self._stopping.wait(1.0)
        try:
            self._end()
        except redis.RedisError:
            pass  # what is not given back now is taken over when it has aged


class GroupReader(Reader):
    """This process's membership in one durable group."""

    def __init__(
        self,
        group: Group,
        store: Store,
        stream: Stream,
        member: str,
        claim_after: float,
        stopping: threading.Event,
    ) -> None:
        super().__init__(group.name, stopping)
        self._group = group
        self._store = store
        self._stream = stream
        self._member = member
        self._claim_after = claim_after
        self._hand: list[bytes] = []  # entries delivered to this member and not acknowledged yet
        self._next_claim = 0.0

    def still_alive(self) -> None:
        """Reset the idle time of what is in hand, so that nobody takes it for abandoned."""
        if hand := list(self._hand):
            self._claim(self._member, hand)

    def _begin(self) -> None:
        self._hand = []
        self._join()
        # First what was delivered to this member and never got here, then what others left when they died.
        while mine := self._read("0"):
            self._handle(mine)
            if self._stopping.is_set():
                return
        self._settle()

    def _turn(self) -> None:
        if time.monotonic() >= self._next_claim:
            self._take_over()
        self._handle(self._read(">", block=BLOCK))

    def _end(self) -> None:
        if self._hand:
            self._claim(GIVEN_UP, self._hand, idle=AGES)
        client, key = self._stream.client, self._stream.key
        if not client.xpending_range(key, self._group.name, "-", "+", 1, consumername=self._member):
            client.xgroup_delconsumer(key, self._group.name, self._member)

    def _join(self) -> None:
        """Make the group if Redis does not know it, at the place the database has for it; fill any gap."""
        stands = self._stream.groups().get(self._group.name)
        if stands is None:
            stands, first = self._make()
        else:
            first = self._stream.first()
        if first > stands + 1:
            self._catch_up(stands, first)
        self._forget_the_gone()

    def _make(self) -> tuple[int, int]:
        """Make the group; returns where it stands and the first place on the stream."""
        name = self._group.name
        with self._store.work() as work:
            # Not while a relay puts lost entries back: it must know of this group, or the group of them.
            alone(work.session, RELAY_LOCK)
            cursor = work.session.get(BusCursor, name)
            if cursor is None:
                last = work.session.scalar(select(func.max(OutboxRow.seq))) or 0
                cursor = BusCursor(group=name, seq=max(0, last - NEW_GROUP_GETS))
                work.session.add(cursor)
            try:
                self._stream.client.xgroup_create(self._stream.key, name, id=f"{cursor.seq}-0", mkstream=True)
            except redis.ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
            return cursor.seq, self._stream.first()

    def _forget_the_gone(self) -> None:
        """Remove members that hold nothing and gave no sign of life for an hour."""
        for member in self._stream.client.xinfo_consumers(self._stream.key, self._group.name):
            if member["pending"] == 0 and member["idle"] > AGES:
                self._stream.client.xgroup_delconsumer(self._stream.key, self._group.name, member["name"])

    def _catch_up(self, after: int, before: int) -> None:
        """Handle from the outbox what the stream no longer holds."""
        while not self._stopping.is_set():
            with self._store.read() as session:
                rows = session.execute(
                    select(OutboxRow.seq, OutboxRow.key, OutboxRow.name, OutboxRow.at, OutboxRow.body)
                    .where(OutboxRow.seq > after, OutboxRow.seq < before)
                    .order_by(OutboxRow.seq)
                    .limit(CHUNK)
                )
                letters = [Letter(*row) for row in rows if row[0] is not None]
            if not letters:
                return
            for letter in letters:
                if not self._group.handle(letter, self._stopping):
                    return
                after = letter.seq

    def _settle(self) -> None:
        """Before anything new, let what others have pending be handled by them, or take it over from the dead.

        So the published order holds over the crash of a group's only member. Bounded: a living member may be
        at one message for long.
        """
        end = time.monotonic() + self._claim_after + 1.5
        newest = self._stream.top()
        while time.monotonic() < end and not self._stopping.is_set():
            self._take_over()
            pending = self._stream.client.xpending(self._stream.key, self._group.name)
            if not pending["pending"] or seq_of(pending["min"]) > newest:
                return
            self._stopping.wait(0.1)

    def _take_over(self) -> None:
        begin: Any = "0-0"
        while not self._stopping.is_set():
            answer = self._stream.client.xautoclaim(
                self._stream.key,
                self._group.name,
                self._member,
                min_idle_time=int(self._claim_after * 1000),
                start_id=begin,
                count=CHUNK,
            )
            begin = answer[0]
            self._handle(answer[1])
            if begin in (b"0-0", "0-0"):
                break
        self._next_claim = time.monotonic() + min(1.0, self._claim_after / 2)

    def _read(self, begin: str, block: int | None = None) -> list[Entry]:
        answer = self._stream.client.xreadgroup(
            self._group.name, self._member, {self._stream.key: begin}, count=CHUNK, block=block
        )
        return _entries(answer)

    def _handle(self, entries: list[Entry]) -> None:
        self._hand = [entry_id for entry_id, _ in entries]
        for entry_id, letter in letters_of(entries):
            if letter is not None and not self._group.handle(letter, self._stopping):
                return
            self._stream.client.xack(self._stream.key, self._group.name, entry_id)
            self._hand = self._hand[1:]
            if self._stopping.is_set():
                return

    def _claim(self, member: str, entries: list[bytes], idle: int | None = None) -> None:
        self._stream.client.xclaim(
            self._stream.key,
            self._group.name,
            member,
            min_idle_time=0,
            message_ids=entries,
            idle=idle,
            justid=True,
        )


class TailReader(Reader):
    """A listener of this process alone, from the moment it was started."""

    def __init__(self, group: Group, stream: Stream, stopping: threading.Event) -> None:
        super().__init__(group.name, stopping)
        self._group = group
        self._stream = stream
        self._at: int | None = None

    def start(self) -> None:
        """Find out where "now" is, and begin."""
        try:
            self._at = self._stream.top()
        except redis.RedisError:
            pass  # then "now" is when Redis is back
        super().start()

    def _begin(self) -> None:
        if self._at is None:
            self._at = self._stream.top()

    def _turn(self) -> None:
        answer = self._stream.client.xread({self._stream.key: f"{self._at}-0"}, count=CHUNK, block=BLOCK)
        for entry_id, letter in letters_of(_entries(answer)):
            if self._stopping.is_set():
                return
            if letter is not None:
                self._group.handle(letter, self._stopping)
            self._at = seq_of(entry_id)


def _entries(answer: Any) -> list[Entry]:
    """The entries of the one stream asked for, in the shapes of RESP2 (a list) and RESP3 (a map)."""
    if not answer:
        return []
    if isinstance(answer, dict):
        found = next(iter(answer.values()))
        return list(found[0]) if found and isinstance(found[0], list) else list(found)
    return list(answer[0][1])
