"""One database lent from test to test: emptied in a few milliseconds, where making one takes a quarter of a second."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.real.servers import Postgres

_TABLES = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    ORDER BY c.relname"""
_SEQUENCES = """SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences
    WHERE schemaname = 'public' ORDER BY sequencename"""
_SHAPE = """SELECT (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT sum(oid::bigint * ascii(tgenabled)) FROM pg_trigger), (SELECT sum(oid::bigint) FROM pg_constraint),
    (SELECT sum(oid::bigint * attnum) FROM pg_attribute JOIN pg_class ON oid = attrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped AND attnum > 0),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"""
"""What DDL changes: a table, a trigger, a constraint, a column or a function more, fewer or another."""
_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


class Lender:
    """Lends one database at the newest migration, to one at a time, each time as if it were new.

    What rows and sequences a migrated database has is remembered and put back. A database whose shape was changed (a
    trigger dropped, a table made) is thrown away, and the next borrower gets a new one.
    """

    def __init__(self, server: Postgres, name: str) -> None:
        self._server, self._name = server, name
        self._url = ""
        self._shape: tuple[Any, ...] = ()
        self._tables: list[str] = []
        self._kept: dict[str, bytes] = {}
        self._sequences: list[tuple[Any, ...]] = []
        self._kept_open: psycopg.Connection[tuple[Any, ...]] | None = None

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of the database for the length of the block."""
        if not self._url:
            self._make()
        yield self._url
        self._clean()

    def close(self) -> None:
        """End it: nothing is lent any more."""
        if self._kept_open is not None:
            self._kept_open.close()

    def _make(self) -> None:
        self._url = self._server.fresh(self._name)
        with self._connected() as connection:
            self._shape = _rows(connection, _SHAPE)[0]
            self._tables = [name for (name,) in _rows(connection, _TABLES)]
            self._sequences = _rows(connection, _SEQUENCES)
            for name in self._tables:
                with connection.cursor().copy(_copy(name, "TO STDOUT")) as copied:
                    if kept := [bytes(piece) for piece in copied]:
                        self._kept[name] = b"".join(kept)

    def _clean(self) -> None:
        with self._connected() as connection:
            connection.execute(_ALONE, [self._name])
            if _rows(connection, _SHAPE)[0] != self._shape:
                self.close()
                self._server.drop(self._name)
                self._url = ""
                return
            with connection.transaction():
                # Neither keys nor the triggers that keep a table from losing rows have a say in this.
                connection.execute("SET LOCAL session_replication_role = replica")
                everything = sql.SQL("; ").join(
                    sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self._tables
                )
                connection.execute(everything)
                for name, kept in self._kept.items():
                    with connection.cursor().copy(_copy(name, "FROM STDIN")) as into:
                        into.write(kept)
                for name, value, called in self._sequences:
                    connection.execute("SELECT setval(%s::regclass, %s, %s)", [name, value, called])

    @contextmanager
    def _connected(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """A connection that stays: to look up what a hundred tables are costs more than to empty them."""
        if self._kept_open is not None:
            with suppress(psycopg.OperationalError):
                self._kept_open.execute("SELECT 1")
        if self._kept_open is None or self._kept_open.closed:
            address = make_url(self._url).set(drivername="postgresql")
            self._kept_open = psycopg.connect(
                address.render_as_string(hide_password=False), autocommit=True, prepare_threshold=None
            )
        yield self._kept_open


def _copy(name: str, how: LiteralString) -> sql.Composed:
    return sql.SQL("COPY {} " + how).format(sql.Identifier(name))


def _rows(connection: "psycopg.Connection[tuple[Any, ...]]", query: LiteralString) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()
