"""The memory bus beyond what both buses promise: the database away at the start, and rows others published."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from schema.bus_memory import MemoryBus
from schema.outbox import OutboxRow
from schema.relay import Relay
from schema.store import Store
from tests.schema.play import Heard, eventually, say


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


def test_rows_published_by_another_process_are_found_when_told(sqlite_store: Store) -> None:
    heard = Heard()
    bus = MemoryBus(sqlite_store)
    bus.subscribe("g", (), heard)
    bus.start()
    say(sqlite_store, "1", "2")
    with sqlite_store.work() as work:
        work.session.execute(update(OutboxRow).values(seq=OutboxRow.id))
    bus.wake()
    assert heard.wait(2) == ["1", "2"]
    bus.stop()


def test_a_published_row_that_is_also_handed_over_is_handled_once(sqlite_store: Store) -> None:
    heard = Heard()
    bus = MemoryBus(sqlite_store)
    bus.subscribe("g", (), heard)
    bus.start()
    relay = Relay(sqlite_store, bus, poll=60)
    relay.start()
    for n in range(300):
        say(sqlite_store, n)
        bus.wake()
    assert heard.wait(300) == [str(n) for n in range(300)]
    relay.stop()
    bus.stop()
    assert len(heard.seats) == 300


def test_with_the_database_away_at_the_start_it_waits(tmp_path: object, sqlite_url: str) -> None:
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_timeout=1)
    heard = Heard()
    bus = MemoryBus(store)
    bus.subscribe("g", (), heard)
    bus.start()
    store.engine.dispose()
    store._sessions.configure(bind=Store(sqlite_url).engine)
    writer = Store(sqlite_url)
    relay = Relay(writer, bus, poll=60)
    relay.start()
    say(writer, "1")
    eventually(lambda: heard.seats == ["1"])
    relay.stop()
    bus.stop()
    writer.close()
