"""Rows and what is said about them are committed together or not at all; a database that is away is said to be."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from schema.cases import Case
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import CallCitizen, Pause
from schema.outbox import BusCursor, OutboxRow
from schema.places import GridCell
from schema.store import Store, StoreUnreachable, migrating
from schema.wire import from_body
from tests.real.servers import real_postgres
from tests.schema.play import AT, ready

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def counted(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def case(store: Store) -> UUID:
    cell = GridCell(code="330106001001001", name="cell", ring=[[120.0, 30.0]])
    one = Case(
        case_no="S-1",
        contact=uuid7(),
        class_="services",
        kind="complaint",
        title="路灯",
        text="…",
        cell=cell.code,
        state="filed",
        made_at=NOW,
    )
    with store.work() as work:
        work.session.add(cell)
        work.session.flush()
        work.session.add(one)
    return one.id


def test_rows_and_words_are_committed_together(store_url: str) -> None:
    store = Store(store_url, clock=lambda: NOW)
    heard: list[int] = []
    store.committed.append(lambda: heard.append(counted(store)))
    contact = ContactId(uuid7())
    fact = replace(ready(101), contact=contact)
    order = CallCitizen(number="0571", language="zh", case=CaseId(uuid7()), contact=contact)
    with store.work() as work:
        assert work.now == NOW
        work.session.add(BusCursor(group="g", seq=7))
        work.emit(fact)
        work.emit(order)
        assert heard == []
    assert heard == [2]
    with store.read() as session:
        assert session.get_one(BusCursor, "g").seq == 7
        first, second = session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    assert (first.kind, first.name, first.at, first.contact, first.seq) == (
        "fact",
        "SeatReady",
        AT,
        contact,
        None,
    )
    assert (second.kind, second.key, second.at) == ("order", order.order, NOW)
    assert from_body(first.name, first.body) == fact
    assert from_body(second.name, second.body) == order
    store.close()


def test_a_unit_of_work_that_raises_leaves_nothing_and_wakes_nobody(store: Store) -> None:
    store.committed.append(lambda: pytest.fail("woken for nothing"))
    with pytest.raises(ZeroDivisionError), store.work() as work:
        work.session.add(BusCursor(group="g", seq=7))
        work.emit(ready(101))
        work.session.flush()
        raise ZeroDivisionError
    with store.read() as session:
        assert session.get(BusCursor, "g") is None
    assert counted(store) == 0


def test_an_order_is_said_once_however_often_it_is_given(store: Store) -> None:
    order = Pause(seat="101", reason="rest")
    with store.work() as work:
        work.emit(order)
    with pytest.raises(IntegrityError), store.work() as work:
        work.session.add(BusCursor(group="g", seq=7))
        work.emit(order)
    assert counted(store) == 1


def test_reading_commits_nothing(store: Store) -> None:
    with store.read() as session:
        session.add(BusCursor(group="g", seq=7))
        session.flush()
    with store.read() as session:
        assert session.get(BusCursor, "g") is None


def test_of_two_who_change_what_they_saw_the_second_is_told(store: Store) -> None:
    case_id = case(store)
    with store.read() as session:
        seen = session.get_one(Case, case_id)
    with store.work() as other:
        other.session.get_one(Case, case_id).state = "dispatched"
    seen.state = "closed"
    with pytest.raises(StaleDataError), store.work() as work:
        work.session.merge(seen)
    with store.read() as session:
        assert (session.get_one(Case, case_id).state, session.get_one(Case, case_id).version) == (
            "dispatched",
            2,
        )


def test_writers_at_once_wait_for_each_other(store: Store) -> None:
    with store.work() as work:
        work.session.add(BusCursor(group="g", seq=0))
    troubles: list[Exception] = []

    def add() -> None:
        try:
            for _ in range(20):
                with store.work() as work:
                    work.session.get_one(BusCursor, "g", with_for_update=True).seq += 1
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=add) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with store.read() as session:
        assert session.get_one(BusCursor, "g").seq == 100


def test_a_reader_is_not_held_up_by_a_writer(store: Store) -> None:
    with store.work() as work:
        work.emit(ready(1))
        work.session.flush()
        began = time.monotonic()
        assert counted(store) == 0
        assert time.monotonic() - began < 5


def test_rows_that_point_nowhere_are_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.work() as work:
        work.session.add(GridCell(code="1", name="", ring=[], department=uuid7()))


def test_our_own_mistake_is_not_called_an_absent_database(store: Store) -> None:
    with pytest.raises(Exception, match="no_such_table") as caught, store.read() as session:
        session.connection().exec_driver_sql("SELECT * FROM no_such_table")
    assert not isinstance(caught.value, StoreUnreachable)


def test_sqlite_keeps_what_it_says_it_keeps(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.read() as session:
        ask = session.connection().exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA synchronous").scalar() == 2  # FULL
        assert ask("PRAGMA foreign_keys").scalar() == 1
    assert store.is_sqlite
    store.close()


def test_of_sqlite_connections_the_one_used_last_is_used_again(sqlite_url: str) -> None:
    store, used = Store(sqlite_url), []
    with store.read() as one, store.read() as two, store.read() as three:
        for session in (one, two, three):
            session.execute(select(1))
    for _ in range(6):
        with store.read() as session:
            used.append(session.connection().connection.dbapi_connection)
    store.close()
    assert len(set(map(id, used))) == 1


def test_a_sqlite_file_that_cannot_be_opened_is_a_database_that_is_away(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite")
    with pytest.raises(StoreUnreachable, match="does not answer: unable to open"):
        store.ping()
    store.close()


def test_sqlite_ids_are_never_used_twice(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    ids = []
    for _ in range(2):
        with store.work() as work:
            work.emit(ready(1))
        with store.work() as work:
            row = work.session.scalars(select(OutboxRow)).one()
            ids.append(row.id)
            work.session.delete(row)
    assert ids[0] < ids[1]
    store.close()


def test_when_every_connection_is_busy_that_is_said(postgres_url: str) -> None:
    store = Store(postgres_url, connect_timeout=1)
    busy = [store.engine.connect() for _ in range(16)]
    with pytest.raises(StoreUnreachable, match="busy"):
        store.ping()
    for connection in busy:
        connection.close()
    store.ping()
    store.close()


@pytest.mark.real
def test_postgresql_stopped_and_back() -> None:
    with real_postgres() as server:
        store = Store(server.fresh("here"), connect_timeout=1)
        with store.work() as work:
            work.emit(ready(1))
        with pytest.raises(StoreUnreachable, match="does not answer"), store.work() as work:
            work.emit(ready(2))
            work.session.flush()
            server.stop()
        with pytest.raises(StoreUnreachable):
            store.ping()
        server.start()
        store.ping()
        assert counted(store) == 1
        store.close()


@pytest.mark.real
def test_postgresql_killed_keeps_what_was_committed() -> None:
    with real_postgres(durable=True) as server:
        store = Store(server.fresh("here"), connect_timeout=1)
        for n in range(5):
            with store.work() as work:
                work.emit(ready(n))
        server.kill()
        with pytest.raises(StoreUnreachable), store.read() as session:
            session.execute(select(OutboxRow))
        server.start()
        assert counted(store) == 5
        store.close()


def test_a_migration_that_leaves_orphans_is_undone(sqlite_url: str) -> None:
    complaint = "grid_cells that point to no row of departments"
    with pytest.raises(ValueError, match=complaint), migrating(sqlite_url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO grid_cells (code, name, ring, area, department) VALUES ('1', '', '[]', 0, '00')"
        )
    store = Store(sqlite_url)
    with store.read() as session:
        assert session.get(GridCell, "1") is None
    store.close()


def test_a_failed_migration_leaves_nothing(store_url: str) -> None:
    with pytest.raises(Exception, match="no_such_table") as caught, migrating(store_url) as connection:
        connection.exec_driver_sql("CREATE TABLE half_done (a integer)")
        connection.exec_driver_sql("DROP TABLE no_such_table")
    assert not isinstance(caught.value, StoreUnreachable)
    store = Store(store_url)
    with pytest.raises(Exception, match="half_done"), store.read() as session:
        session.connection().exec_driver_sql("SELECT * FROM half_done")
    store.close()
