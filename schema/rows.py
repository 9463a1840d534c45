"""Rows that are only written: they go into the store at the next flush, many in one statement, and become no objects.

The session's own way makes an object of each row, one statement for each table, and reads back what the database
numbered. History, clocks, words and messages are written by the order that makes them true and by nobody read before
its commit. On PostgreSQL one statement has them all, each table's as one JSON text: it is the same statement however
many rows there are and whatever is empty in them, so that the server plans it once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Insert,
    Table,
    bindparam,
    column,
    event,
    func,
    insert,
    inspect,
    literal_column,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, make_transient_to_detached

from schema.base import Base, UtcDateTime, table_of
from schema.bulk import Bulk

Row = dict[str, Any]


class RowSession(Session):
    """A session that also takes rows that are only written; they follow what it writes of its own."""

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, **how)
        self._rows: dict[Table, list[Row]] = {}
        self._planted: list[Base] = []

    def write(self, kind: type[Base], /, **values: Any) -> None:
        """Write a row of this kind at the next flush; `values` as its class takes them."""
        shape = _shape(kind)
        row = shape.row(values)
        self._rows.setdefault(shape.table, []).append(row)

    def plant(self, thing: Base) -> None:
        """As `add`, of a new object that goes in as a row, in its first version. Flush before others point to it.

        It may still be changed before that. What the database would number it has to have.
        """
        _shape(type(thing)).complete(thing)
        self._planted.append(thing)

    def flush(self, *given: Any, **how: Any) -> None:
        """Write everything; rows stay waiting when they are refused, so that no commit can leave them out."""
        super().flush(*given, **how)
        if not self._rows and not self._planted:
            return
        rows = {table: list(some) for table, some in self._rows.items()}
        for thing in self._planted:
            shape = _shape(type(thing))
            rows.setdefault(shape.table, []).append(shape.row(shape.values(thing)))
        write_rows(self.connection(), rows)
        self._rows.clear()
        planted, self._planted = self._planted, []
        for thing in planted:
            make_transient_to_detached(thing)
            self.add(thing)

    def forget(self) -> None:
        """Nothing is waiting any more."""
        self._rows.clear()
        self._planted.clear()


@event.listens_for(RowSession, "before_commit")
def _before_commit(session: RowSession) -> None:
    session.flush()


@event.listens_for(RowSession, "after_soft_rollback")
def _after_rollback(session: RowSession, _transaction: object) -> None:
    # A savepoint begins with a flush: what waits now was given after it.
    session.forget()


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table as its rows are written: `defaults` for what is not given, by attribute; `names` of the columns."""

    table: Table
    defaults: Mapping[str, Callable[[], Any]]
    names: Mapping[str, str]
    columns: frozenset[str]
    times: tuple[str, ...]
    version: str

    def row(self, values: Row) -> Row:
        if values.keys() == self.columns:
            row = values
        elif values.keys() <= self.names.keys():
            row = {
                name: values[key] if key in values else self.defaults[key]()
                for key, name in self.names.items()
            }
        else:
            raise TypeError(f"{self.table.name} has no {', '.join(values.keys() - self.names.keys())}")
        for name in self.times:
            if row[name] is not None and row[name].tzinfo is None:
                raise ValueError(f"naive datetime {row[name]!r} refused: stored time is UTC")
        return row

    def complete(self, thing: Base) -> None:
        for key in self.names.keys() - thing.__dict__.keys():
            setattr(thing, key, self.defaults[key]())
        if self.version:
            setattr(thing, self.version, 1)

    def values(self, thing: Base) -> Row:
        return {name: thing.__dict__[key] for key, name in self.names.items()}


@cache
def _shape(kind: type[Base]) -> _Shape:
    mapper, table = inspect(kind), table_of(kind)
    names, defaults = {}, {}
    for held in mapper.column_attrs:
        (here,) = held.columns
        if here is not table.autoincrement_column:
            names[held.key], defaults[held.key] = here.name, _default(here.default)
    times = tuple(name for name in names.values() if isinstance(table.c[name].type, UtcDateTime))
    counted = mapper.version_id_col
    version = mapper.get_property_by_column(counted).key if counted is not None else ""
    return _Shape(table, defaults, names, frozenset(names.values()), times, version)


def _default(default: Any) -> Callable[[], Any]:
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def write_rows(on: Connection, rows: Mapping[Table, Sequence[Row]]) -> None:
    """Insert rows, those of a table in their order, each table after those it points to."""
    tables = sorted(rows, key=_places(Base).__getitem__)
    if on.dialect.name == "postgresql":
        given = {table.name: rows[table] for table in tables}
        on.execute(_at_once(tuple(tables)), given)
        return
    for table in tables:
        _one_by_one(table, on.dialect).run(on, rows[table])


@cache
def _places(base: type[Base]) -> dict[Table, int]:
    return {table: place for place, table in enumerate(base.metadata.sorted_tables)}


@cache
def _one_by_one(table: Table, dialect: Dialect) -> Bulk:
    columns = [one.name for one in table.columns if one is not table.autoincrement_column]
    return Bulk(insert(table), columns, dialect)


@lru_cache(maxsize=256)
def _at_once(tables: tuple[Table, ...]) -> Insert:
    """One statement for rows of several tables; each table's come as a parameter of its name."""
    *others, last = (_from_json(table) for table in tables)
    return last.add_cte(*(one.cte(f"into_{one.table.name}") for one in others))


def _from_json(table: Table) -> Insert:
    named = [one for one in table.columns if one is not table.autoincrement_column]
    texts = func.json_to_recordset(bindparam(table.name, type_=JSON))
    rows = texts.table_valued(*(column(one.name, one.type) for one in named))
    # A row type of its own says what each value is read as: too long a text is refused, not cut.
    rows = rows.render_derived(f"{table.name}_rows", with_types=True)
    return insert(table).from_select(
        [one.name for one in named], select(literal_column("*")).select_from(rows), include_defaults=False
    )
