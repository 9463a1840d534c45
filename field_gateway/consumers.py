"""The consumers of positions: connections of their own to the broker, which deals them out among all there are.

A shared subscription of MQTT 5, so that any number of processes share the work. Each consumer takes what has come,
the newest positions first, commits it at once, then answers. Under pressure (`field_gateway.pressure`) it answers
`later` and keeps nothing; what is more than it can hold is left unanswered, and so comes again.

By QoS 0, both ways: handsets send until our receipt is there, and the broker, which writes down all it holds whenever
that changes, was the slowest part of all with thousands of positions on their way by QoS 1.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from conf.positions import consumer_user
from conf.settings import Settings
from field_gateway.answers import Answer, Receipt, encode
from field_gateway.link import Arrived, Link
from field_gateway.positions import PositionIntake, Read, Said
from field_gateway.pressure import ALL, LIVE, NONE, Pressure, later
from schema.store import StoreUnreachable

TOPIC = "$share/positions/gridline/+/up/position"
MOST_BYTES = 8 * 1024 * 1024
"""Of messages that wait in a consumer, some 2,700 usual ones; read, they take four times as much."""
BATCH, SLICE = 128, 64
"""Messages of one commit; of positions of before, while some of now are there, which are not to wait for it."""
FEW, LINGER = 32, 0.2
"""A commit costs as much as ten messages do: fewer than so many wait until so many seconds after the last one."""
HELD, AGAIN = 0.5, 0.01
"""Seconds after which a device whose positions another consumer takes is waited for; between tries with only such."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
TRIES = 3
TELL_EVERY, TOLD = 5.0, 32
"""Seconds between writing down how many were sent away, and of how many devices at once."""

Done = TypeVar("Done")
log = structlog.get_logger()


class Consumer:
    """One connection and the thread that works for it."""

    def __init__(
        self, settings: Settings, intake: PositionIntake, pressure: Pressure, number: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._intake = intake
        self._pressure = pressure
        self._monotonic = monotonic
        self._arrived: deque[Arrived] = deque()
        self._read: list[tuple[Arrived, Read]] = []
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._shed: Counter[str] = Counter()
        self._told = monotonic()
        self._turn = 0
        self._bytes = 0
        self._took = -LINGER
        self._held: dict[str, float] = {}
        self.link = Link(
            settings.broker,
            self._heard,
            self._lost,
            user=consumer_user(settings.broker.user, number),
            topics=(TOPIC,),
            qos=0,
        )
        self._thread = threading.Thread(target=self._run, name=f"positions {number}", daemon=True)

    def start(self) -> None:
        """Connect and begin to work."""
        self._thread.start()
        self.link.start()

    def stop(self) -> None:
        """Finish the commit in hand; what was not answered comes again, to whoever is there."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(10)
        self.link.stop()

    # -- on the network thread -----------------------------------------------------------------------------

    def _heard(self, arrived: Arrived) -> None:
        with self._changed:
            if self._bytes + len(arrived.body) > MOST_BYTES:
                self._intake.counts["dropped"] += 1
                return
            self._bytes += len(arrived.body)
            self._arrived.append(arrived)
            self._changed.notify()

    def _lost(self, epoch: int) -> None:
        """A connection is gone. What came on it is here all the same."""

    # -- on the consumer's own -----------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._arrived and not self._read and not self._stopping.is_set():
                    self._changed.wait(TELL_EVERY)
                    if self._shed:
                        break
                self._linger()
                if self._stopping.is_set():
                    break
                arrived = list(self._arrived)
                self._arrived.clear()
            self.turn(arrived)
        self._tell(most=None)

    def _linger(self) -> None:
        """Wait for company, as long as a position of now may wait; the first after a quiet time does not."""

        def is_enough() -> bool:
            return self._stopping.is_set() or len(self._arrived) + len(self._read) >= FEW

        self._changed.wait_for(is_enough, max(0.0, self._took + LINGER - self._monotonic()))

    def turn(self, arrived: list[Arrived]) -> None:
        """Read what came, send away what is too much, commit what is of now, then some of what is of before."""
        for one in arrived:
            read = self._patiently(partial(self._look, one)) or self._give_up(one)
            if read is None:
                return  # we stop
            if isinstance(read, Read):
                self._read.append((one, read))
            else:
                self._answer(one, read)
        of_now = self._of_now()
        level = self._pressure.level(len(self._read) > BATCH, of_now > BATCH, self._monotonic())
        if level != NONE:
            self._send_away(level)
            of_now = self._of_now()
        self._read.sort(key=lambda one: one[1].newest, reverse=True)
        for most in (min(of_now, BATCH), SLICE if of_now else BATCH):
            batch, self._read = self._read[:most], self._read[most:]
            if batch:
                self._commit(batch)
        self._took = self._monotonic()
        if self._shed and self._monotonic() - self._told >= TELL_EVERY:
            self._tell()

    def _of_now(self) -> int:
        old = datetime.now(UTC) - timedelta(seconds=LIVE)
        return sum(read.newest >= old for _, read in self._read)

    def _look(self, arrived: Arrived) -> Read | Answer:
        return self._intake.read(Said(arrived.topic, arrived.body, arrived.properties, arrived.received))

    def _give_up(self, arrived: Arrived) -> Answer | None:
        """The answer to a message that fails in a way nobody foresaw: the handset keeps its copy."""
        if self._stopping.is_set():
            return None
        log.error("a message of positions is set aside", topic=arrived.topic, size=len(arrived.body))
        return self._patiently(partial(self._intake.give_up, arrived.topic, arrived.body))

    def _commit(self, batch: list[tuple[Arrived, Read]]) -> None:
        answers = self._patiently(lambda: self._take([read for _, read in batch]))
        if answers is not None:
            held = []
            for one, answer in zip(batch, answers, strict=True):
                if answer is None:
                    held.append(one)
                else:
                    self._held.pop(answer.device, None)
                    self._answer(one[0], answer)
            for _, read in held:
                self._held.setdefault(read.device, self._monotonic())
            self._read += held
            if len(held) == len(batch):
                self._stopping.wait(AGAIN)
        elif len(batch) > 1 and not self._stopping.is_set():
            # One of them is more than we can take: the others must not wait for it.
            log.error("a batch of positions failed: its messages are taken one by one", count=len(batch))
            for one in batch:
                self._commit([one])
        elif (last := self._give_up(batch[0][0])) is not None:
            self._answer(batch[0][0], last)

    def _take(self, reads: list[Read]) -> Sequence[Answer | None]:
        """Take them, but for devices of which another consumer has some in hand: two would wait for each other.

        Whose turn did not come for long is waited for.
        """
        old = self._monotonic() - HELD
        if self._held and any(self._held.get(read.device, old) < old for read in reads):
            return self._intake.take_all(reads)
        return self._intake.take_free(reads)

    def _send_away(self, level: int) -> None:
        old = datetime.now(UTC) - timedelta(seconds=LIVE)
        kept = []
        for arrived, read in self._read:
            if level != ALL and read.newest >= old:
                kept.append((arrived, read))
                continue
            self._turn += 1
            self._held.pop(read.device, None)
            self._shed[read.device] += len(read.message.points)
            self._intake.counts["shed"] += len(read.message.points)
            receipt = Receipt(
                id=read.message.id,
                status="later",
                reason="too much at once: nothing of this was kept, send it again later",
                retry_after=later(level, self._turn),
            )
            self._answer(arrived, Answer(read.device, receipt))
        self._read = kept

    def _answer(self, arrived: Arrived, answer: Answer) -> None:
        with self._changed:
            self._bytes -= len(arrived.body)
        if answer.device:
            self.link.publish(f"gridline/{answer.device}/down/receipt", encode(answer.receipt))

    def _tell(self, most: int | None = TOLD) -> None:
        """Write down how many positions were sent away, of so many devices; while the store is away they stay counted.

        Of a whole city at once it would take seconds, for which positions of now would wait.
        """
        self._told = self._monotonic()
        shed = Counter(dict(self._shed.most_common(most)))
        self._shed -= shed
        try:
            self._intake.note_shed(shed)
        except StoreUnreachable:
            self._shed += shed

    def _patiently(self, step: Callable[[], Done]) -> Done | None:
        """Do it, again while the database is away; None when it fails otherwise, or when we stop."""
        failed = waited = 0
        while not self._stopping.is_set():
            try:
                done = step()
            except StoreUnreachable as away:
                if not waited:
                    log.warning("positions wait", reason=str(away))
                self._stopping.wait(PAUSES[min(waited, len(PAUSES) - 1)])
                waited += 1
            except Exception:
                failed += 1
                log.exception("a step of taking positions failed", failed=failed)
                if failed >= TRIES:
                    return None
                self._stopping.wait(PAUSES[0])
            else:
                return done
        return None
