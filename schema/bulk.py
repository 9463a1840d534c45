"""Many rows in one statement, with the parameters made column by column.

SQLAlchemy makes a dictionary of parameters for each row and asks for each value how it is written, which for the rows
of a busy floor takes longer than writing them. Here the statement is compiled once; how a column's values are written
is asked of the column's type, once, and each column is gone through at once. The database gets the same values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import Insert

Row = Mapping[str, Any]


class Bulk:
    """An INSERT of rows with these `columns`, for one dialect. Parameters of its own, in a WHERE, stay as they are."""

    def __init__(self, insert: Insert, columns: Sequence[str], dialect: Dialect) -> None:
        compiled: Any = insert.compile(dialect=dialect, column_keys=list(columns))
        fixed, known = compiled.params, set(columns)
        names = compiled.positiontup if dialect.positional else list(fixed)
        self._text = str(compiled)
        self._names = None if dialect.positional else names
        self._from = [
            (name if name in known else None, fixed[name], _written(compiled.binds[name].type, dialect))
            for name in names
        ]

    def run(self, on: Connection, rows: Sequence[Row]) -> None:
        """Write rows, if any. Raises as executing the statement would; what a type raises for a value it cannot be."""
        if not rows:
            return
        made = list(zip(*self._columns(rows), strict=False))
        names = self._names
        on.exec_driver_sql(
            self._text, made if names is None else [dict(zip(names, one, strict=True)) for one in made]
        )

    def _columns(self, rows: Sequence[Row]) -> Iterator[Any]:
        for name, fixed, written in self._from:
            if name is None:
                yield repeat(fixed if written is None else written(fixed), len(rows))
            elif written is None:
                yield [row[name] for row in rows]
            else:
                yield [written(row[name]) for row in rows]


def _written(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a type's values are written for the driver; None when they are as they are."""
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found
