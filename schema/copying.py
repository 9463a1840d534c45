"""Many rows at once, but for those that are there already: by COPY on PostgreSQL, by upsert on SQLite.

On PostgreSQL the rows go into a table of this connection and from there into theirs in one statement: COPY itself
cannot pass over a row that is there. What that costs over a bare COPY is in docs/benchmarks.md.
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from schema.store import StoreUnreachable, first_line

Row = tuple[Any, ...]
Line = Callable[[Row], str]


def copy_rows(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[Row], line: Line | None = None
) -> int:
    """Write rows of the columns `names` unless their key is there; returns how many were written.

    `line` makes a row the text that COPY takes (with its line end), where that is cheaper than to ask for the kind of
    each value. Once a transaction for each table. What waits in the session is flushed first. Raises StoreUnreachable.
    """
    if not rows:
        return 0
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return _upsert(connection, table, names, rows)
    try:
        return _copy(connection.connection.driver_connection, table.name, names, rows, line)
    except psycopg.OperationalError as error:
        raise StoreUnreachable(first_line(error)) from error


def _copy(driver: Any, name: str, names: Sequence[str], rows: Sequence[Row], line: Line | None) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    # Not dropped but emptied at the end of the transaction: a new table each time would bloat the catalogue.
    parts = {"here": sql.Identifier(f"new_{name}"), "there": sql.Identifier(name), "columns": columns}
    with driver.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE IF NOT EXISTS {here} ON COMMIT DELETE ROWS"
                " AS SELECT {columns} FROM {there} WITH NO DATA"
            ).format(**parts)
        )
        with cursor.copy(sql.SQL("COPY {here} ({columns}) FROM STDIN").format(**parts)) as copy:
            if line is not None:
                copy.write("".join(map(line, rows)))
            else:
                for row in rows:
                    copy.write_row(row)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {there} ({columns}) SELECT {columns} FROM {here} ON CONFLICT DO NOTHING"
            ).format(**parts)
        )
        return int(cursor.rowcount)


def _upsert(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> int:
    statement = insert(table).on_conflict_do_nothing()
    return connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows]).rowcount
