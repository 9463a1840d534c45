"""The migrations lead to the tables that the code maps, on both databases, once, whoever runs them."""

import shutil
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from schema.casewords import is_compared
from schema.ids import uuid7
from schema.store import Store, StoreUnreachable, make_engine
from schema.tables import metadata
from schema.upgrade import MIGRATIONS, at, draft, newest, upgrade
from tests.real.servers import Postgres


def test_the_migrated_tables_are_the_mapped_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_compared}
        )
        assert compare_metadata(context, metadata) == []


def test_a_new_database_gets_every_table_and_knows_where_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new folder' / 'a%b.sqlite'}"
    assert at(url) == ""
    upgrade(url)
    assert at(url) == newest() != ""
    engine = make_engine(url, 3)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_upgrading_what_is_new_changes_nothing(store: Store, store_url: str) -> None:
    upgrade(store_url)
    assert at(store_url) == newest()


def test_looking_does_not_make_a_database(tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite"
    assert at(f"sqlite:///{file}") == ""
    assert not file.exists()


def _all_at_once(url: str) -> list[Exception]:
    failures: list[Exception] = []

    def one() -> None:
        try:
            upgrade(url)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_processes_that_upgrade_sqlite_at_once_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    assert _all_at_once(url) == []
    assert at(url) == newest()


@pytest.mark.real
def test_processes_that_upgrade_postgresql_at_once_wait_for_each_other(postgres: Postgres) -> None:
    name = f"test_{uuid7().hex}"
    url = postgres.empty(name)
    assert _all_at_once(url) == []
    assert at(url) == newest()
    postgres.drop(name)


def test_a_database_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(StoreUnreachable, match="does not answer"):
        upgrade("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_timeout=1)


def test_a_drafted_migration_of_unchanged_tables_is_empty_and_follows_the_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("schema.upgrade.MIGRATIONS", folder)
    before = newest()
    file = draft("A change of nothing")
    assert file.parent == folder / "versions"
    assert file.name == f"r{int(before) + 1:04}_a_change_of_nothing.py"
    text = file.read_text("utf-8")
    assert text.startswith('"""A change of nothing."""') and "    pass\n" in text and "###" not in text
    assert newest() == f"{int(before) + 1:04}"
