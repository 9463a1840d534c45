"""A sheet: rows of one table as plain values, changed in memory at once and in the database with the next write.

Whoever keeps books of what happens thousands of times a second cannot ask the database about each; the sheet's owner is
the only writer of its rows, so what it has in memory is what the database will have. Rows are written whole, by
``INSERT … ON CONFLICT`` in bulk.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from schema.bulk import Bulk

Row = dict[str, Any]


class Sheet:
    """Live rows of `table`, by whatever key their owner has for them.

    `key` are the columns that say that two rows are the same. `last` is a condition under which the database's row may
    still be changed: one that is over never is, whatever is told twice. `once`: a row is never changed at all.
    """

    def __init__(
        self, table: Table, key: Iterable[str], *, last: ColumnElement[bool] | None = None, once: bool = False
    ) -> None:
        self._table, self._key, self._last, self._once = table, list(key), last, once
        own = table.autoincrement_column  # the database numbers these itself
        self._blank: Row = {column.name: _default(column) for column in table.columns if column is not own}
        self._rows: dict[Hashable, Row] = {}
        self._dirty: dict[Hashable, Row] = {}
        self._fresh: set[Hashable] = set()
        self._over: set[Hashable] = set()
        self._statements: dict[str, Bulk] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def see(self, key: Hashable) -> Row | None:
        """A live row, to look at."""
        return self._rows.get(key)

    def add(self, key: Hashable, /, **values: Any) -> Row:
        """A new row."""
        row = {**self._blank, **values}
        self._rows[key] = self._dirty[key] = row
        self._fresh.add(key)
        self._over.discard(key)
        return row

    def change(self, key: Hashable) -> Row | None:
        """A live row, to be changed; None when there is none."""
        row = self._rows.get(key)
        if row is not None:
            self._dirty[key] = row
        return row

    def over(self, key: Hashable) -> None:
        """The row is as it will ever be: forgotten once it is written."""
        self._over.add(key)

    def drop(self, key: Hashable) -> bool:
        """Take back a row that nobody can have seen, for it came about after the last write; False otherwise."""
        if key not in self._fresh:
            return False
        self._fresh.discard(key)
        self._over.discard(key)
        del self._rows[key], self._dirty[key]
        return True

    def found(self, key: Hashable, row: Row) -> None:
        """A row as the database has it."""
        self._rows[key] = row

    def write(self, session: Session, waits: Callable[[Row], bool] | None = None) -> None:
        """Put what changed into the session's transaction, but for rows that wait for another's."""
        rows = [row for row in self._dirty.values() if waits is None or not waits(row)]
        if rows:
            self._statement(session).run(session.connection(), rows)

    def written(self, waits: Callable[[Row], bool] | None = None) -> None:
        """What `write` put there is committed."""
        self._fresh.clear()
        self._dirty = {} if waits is None else {k: row for k, row in self._dirty.items() if waits(row)}
        for key in [key for key in self._over if key not in self._dirty]:
            self._rows.pop(key, None)
            self._over.discard(key)

    def _statement(self, session: Session) -> Bulk:
        dialect = session.get_bind().dialect
        if dialect.name not in self._statements:
            insert = (postgresql if dialect.name == "postgresql" else sqlite).insert(self._table)
            rest = {c: insert.excluded[c] for c in self._blank if c not in self._key}
            whole = (
                insert.on_conflict_do_nothing(index_elements=self._key)
                if self._once
                else insert.on_conflict_do_update(index_elements=self._key, set_=rest, where=self._last)
            )
            self._statements[dialect.name] = Bulk(whole, list(self._blank), dialect)
        return self._statements[dialect.name]


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None
