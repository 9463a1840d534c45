"""The relay publishes every committed row once and in order, whoever else does, whatever is away for a while."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import select

from schema.bus import BusDown, Carrier, Envelope, Letter
from schema.bus_memory import MemoryBus
from schema.bus_redis import RedisBus
from schema.ids import uuid7
from schema.outbox import BusCursor, OutboxRow
from schema.relay import BATCH, Relay
from schema.store import Store, StoreUnreachable
from tests.real.servers import real_postgres
from tests.schema.play import Heard, eventually, ready, say


class Tape(MemoryBus):
    """A bus that only remembers what the relay hands it; down when told so."""

    def __init__(self, store: Store, *, is_down: bool = False) -> None:
        super().__init__(store)
        self.letters: list[Letter] = []
        self.is_down = is_down

    def carry(self, letters: Sequence[Letter]) -> None:
        if self.is_down:
            raise BusDown("told to be down")

    def carried(self, letters: Sequence[Letter], after: int) -> None:
        assert letters[0].seq == after + 1
        self.letters.extend(letters)

    @property
    def seats(self) -> list[str]:
        return [letter.body["seat"] for letter in self.letters]


@pytest.fixture
def relays(store: Store) -> Iterator[list[Relay]]:
    made: list[Relay] = []
    yield made
    for relay in made:
        relay.stop()


def places(store: Store) -> list[int | None]:
    with store.read() as session:
        return list(session.scalars(select(OutboxRow.seq).order_by(OutboxRow.id)))


def test_a_commit_is_published_at_once_in_the_order_it_was_said(store: Store, relays: list[Relay]) -> None:
    bus = Tape(store)
    relays.append(Relay(store, bus, poll=60))
    relays[0].start()
    say(store, "a", "b", "c")
    eventually(lambda: len(bus.letters) == 3)
    assert bus.seats == ["a", "b", "c"]
    assert [letter.seq for letter in bus.letters] == [1, 2, 3] == places(store)


def test_a_commit_that_said_nothing_asks_nothing(store: Store) -> None:
    asked: list[str] = []
    store.committed.append(lambda: asked.append("woken"))
    with store.work():
        pass
    assert asked == []
    say(store, 1)
    assert asked == ["woken"]


def test_rows_of_a_process_that_died_are_found(store: Store, store_url: str, relays: list[Relay]) -> None:
    bus = Tape(store)
    relays.append(Relay(store, bus, poll=0.05))
    relays[0].start()
    other = Store(store_url)  # its commits wake nobody
    say(other, "left")
    other.close()
    eventually(lambda: bus.seats == ["left"])


def test_more_rows_than_one_batch_keep_their_order(store: Store, relays: list[Relay]) -> None:
    bus = Tape(store)
    count = BATCH * 2 + 7
    say(store, *range(count))
    relays.append(Relay(store, bus, poll=60))
    relays[0].start()
    eventually(lambda: len(bus.letters) == count)
    assert bus.seats == [str(n) for n in range(count)]
    assert [letter.seq for letter in bus.letters] == list(range(1, count + 1))


def test_what_the_bus_refuses_stays_unpublished_and_follows_in_order(
    store: Store, relays: list[Relay]
) -> None:
    bus = Tape(store, is_down=True)
    relay = Relay(store, bus, poll=0.05)
    relays.append(relay)
    relay.start()
    say(store, 1)
    eventually(lambda: relay.state == "down")
    say(store, 2)
    assert places(store) == [None, None]
    bus.is_down = False
    eventually(lambda: len(bus.letters) == 2)
    assert bus.seats == ["1", "2"]
    eventually(lambda: relay.state == "up")


def test_stop_publishes_what_is_there(store: Store) -> None:
    bus = Tape(store)
    relay = Relay(store, bus, poll=60)
    relay.start()
    say(store, *range(BATCH + 1))
    relay.stop()
    eventually(lambda: len(bus.letters) >= BATCH)  # on a slow machine it takes longer than `stop` waits
    say(store, "after")
    assert "after" not in bus.seats


def test_relays_at_once_publish_each_row_once_and_each_writers_rows_in_order(
    store: Store, store_url: str, relays: list[Relay]
) -> None:
    stores = [store, Store(store_url), Store(store_url)]
    tapes = [Tape(store), Tape(store), Tape(store)]
    for one, tape in zip(stores, tapes, strict=True):
        relays.append(Relay(one, tape, poll=0.05))
        relays[-1].start()

    def write(writer: int) -> None:
        for n in range(25):
            say(stores[writer % 3], f"{writer}.{n}.a", f"{writer}.{n}.b")

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    eventually(lambda: sum(len(tape.letters) for tape in tapes) >= 300, 30)
    for relay in relays:
        relay.stop()
    letters = sorted((letter for tape in tapes for letter in tape.letters), key=lambda letter: letter.seq)
    assert [letter.seq for letter in letters] == list(range(1, 301))
    assert len({letter.key for letter in letters}) == 300
    for writer in range(6):
        mine = [s for s in (letter.body["seat"] for letter in letters) if s.startswith(f"{writer}.")]
        assert mine == [f"{writer}.{n}.{x}" for n in range(25) for x in "ab"]
    for other in stores[1:]:
        other.close()


def test_a_unit_of_work_that_fails_publishes_nothing(store: Store, relays: list[Relay]) -> None:
    bus = Tape(store)
    relays.append(Relay(store, bus, poll=0.02))
    relays[0].start()
    with pytest.raises(ZeroDivisionError), store.work() as work:
        work.emit(ready("never"))
        work.session.flush()
        raise ZeroDivisionError
    say(store, "then")
    eventually(lambda: len(bus.letters) == 1)
    assert bus.seats == ["then"]


@pytest.mark.real
@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_with_the_database_gone_for_seconds_nothing_that_was_committed_is_lost(
    kind: str, redis_url: str
) -> None:
    with real_postgres(durable=True) as server:
        store = Store(server.fresh(f"t{uuid7().hex}"), connect_timeout=1)
        bus: Carrier = MemoryBus(store, save_every=0.05)
        if kind == "redis":
            bus = RedisBus(redis_url, f"t{uuid7().hex}", store)
        heard = Heard()

        def write(envelope: Envelope) -> None:
            with store.work() as work:
                key = str(envelope.key)
                if work.session.get(BusCursor, key) is None:
                    work.session.add(BusCursor(group=key, seq=0))
            heard(envelope)

        bus.subscribe("g", (), write)
        relay = Relay(store, bus, poll=0.1)
        bus.start()
        relay.start()
        say(store, "before")
        heard.wait(1)
        committed: list[str] = ["before"]
        for n in range(300):
            if n == 100:
                server.kill()
                eventually(lambda: relay.state == "down")
                with pytest.raises(StoreUnreachable):
                    say(store, "never")
                server.start()
            try:
                say(store, n)
                committed.append(str(n))
            except StoreUnreachable:
                assert n >= 100
        # What was heard twice must not count for what was not heard yet.
        eventually(lambda: len(set(heard.seats)) >= len(committed), 30)
        eventually(lambda: relay.state == "up")
        assert list(dict.fromkeys(heard.seats)) == committed  # again is allowed, less or another order is not
        relay.stop()
        bus.stop()
        store.close()
