"""A filled database goes forward through every migration: rows written at each version are there at every later one.

Every table gets two rows at every version, one with all its columns and one with the needed ones alone; each
migration then meets the rows of all versions before it.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from demo.workdays import city_calendar
from schema.ids import uuid7
from schema.rules.calendarbody import to_body
from schema.store import Store, migrating
from schema.upgrade import _config, at, newest, upgrade

MADE = datetime(2026, 9, 29, 2, tzinfo=UTC)
OURS = ("alembic_version", "case_words")
"""Written by migrations alone, or by what a case says."""
MEANT: dict[tuple[str, str], Any] = {
    ("grid_cells", "ring"): [[120.0, 30.0], [121.0, 30.0], [121.0, 31.0]],
    ("calendars", "body"): to_body(city_calendar("Asia/Shanghai")),
    ("calendar_spans", "closes"): 1020, ("calendar_spans", "opens"): 540,
    ("cases", "state"): "filed", ("cases", "due_words"): '{"units":5,"unit":"working-days"}',
    ("clocks", "unit"): "working-days",
}  # fmt: skip
CHANGED: dict[str, set[str]] = {
    "0013": {"audit.id", "audit.hash", "audit.previous"},
    "0014": {"cases.channel"},
}
"""What a migration changes on purpose."""
Kept = dict[str, list[dict[str, Any]]]


def versions() -> list[str]:
    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in reversed(list(script.walk_revisions()))]


def tables(on: sa.Connection) -> list[sa.Table]:
    """The tables as they are, what is pointed to first; without the parts of the full-text index."""
    meta = sa.MetaData()
    meta.reflect(on, only=lambda name, _: not name.startswith(("case_fts", "case_words_", "sqlite_")))
    return [table for table in meta.sorted_tables if table.name not in OURS]


def fill(on: sa.Connection, there: list[sa.Table], numbers: "itertools.count[int]") -> None:
    """Two rows for every table."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in there:
        for whole in (False, True):
            n = next(numbers)
            row = {
                column.name: value
                for column in table.columns
                if (value := _value(table, column, n, rows, whole)) is not None
            }
            on.execute(table.insert().values(row))
            rows.setdefault(table.name, []).append(row)


def _value(table: sa.Table, column: Any, n: int, rows: dict[str, list[dict[str, Any]]], whole: bool) -> Any:
    if (meant := MEANT.get((table.name, column.name))) is not None:
        return meant
    if column.nullable and not whole:
        return None
    if column.foreign_keys:
        key = next(iter(column.foreign_keys)).column
        if key.table.name != table.name:
            return rows[key.table.name][whole].get(key.name, n)
        if column.nullable:
            return None
    return _plain(column, n)


def _plain(column: Any, n: int) -> Any:
    kind, name = column.type, type(column.type).__name__
    if isinstance(kind, sa.Uuid):
        return uuid7()
    if name == "CHAR" and kind.length == 32:
        return uuid7().hex
    if isinstance(kind, sa.JSON) or name == "JSONB":
        return {}
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.DateTime):
        at = MADE + timedelta(seconds=n)
        return at if kind.timezone else at.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date.fromordinal(MADE.toordinal() + n)
    if isinstance(kind, sa.Numeric | sa.Float | sa.Integer):
        return n
    if isinstance(kind, sa.LargeBinary):
        return n.to_bytes(32, "big")
    if isinstance(kind, sa.String):
        return f"{n}"[: kind.length or 60]
    raise AssertionError(f"{column}: {kind!r} is of no known type")


def rows_of(on: sa.Connection, there: list[sa.Table]) -> Kept:
    """Every row of every table."""
    return {table.name: [dict(row._mapping) for row in on.execute(table.select())] for table in there}


def compare(before: Kept, after: Kept, to: str) -> list[str]:
    """What of the rows that were there is not there any more as it was."""
    changed = CHANGED.get(to, set())
    wrong = []
    for name, old in before.items():
        if name not in after:
            if name not in GONE.get(to, ()):
                wrong.append(f"{to}: the table {name} is gone")
            continue
        shared = [
            column
            for column in (old[0] if old else ())
            if after[name] and column in after[name][0] and f"{name}.{column}" not in changed
        ]
        now = {_seen(row, shared) for row in after[name]}
        for row in old:
            if _seen(row, shared) not in now:
                wrong.append(f"{to}: {name} lost {row}")
    return wrong


GONE = {"0011": ("calendar_days", "calendar_spans")}
"""Tables whose rows a migration brings elsewhere; `test_r0011` says where."""


def _seen(row: dict[str, Any], columns: list[str]) -> tuple[str, ...]:
    return tuple(repr(row[column]) for column in columns)


def test_rows_of_every_version_are_there_at_every_later_one(empty_url: str) -> None:
    numbers, steps = itertools.count(1001), versions()
    assert len(steps) >= 24 and steps[-1] == newest()
    with migrating(empty_url) as on:
        command.upgrade(_config(on), steps[0])
    with migrating(empty_url) as on:
        there = tables(on)
    for to in steps[1:]:
        with migrating(empty_url) as on:
            fill(on, there, numbers)
        with migrating(empty_url) as on:
            kept = rows_of(on, there)
        with migrating(empty_url) as on:
            command.upgrade(_config(on), to)
        with migrating(empty_url) as on:
            there = tables(on)
            assert compare(kept, rows_of(on, there), to) == []
    assert at(empty_url) == newest()
    upgrade(empty_url)
    store = Store(empty_url)
    with store.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 2 * (
            len(steps) - 1
        )
    store.close()


@pytest.mark.parametrize("lost", ["row", "value", "table"])
def test_what_is_lost_is_seen(lost: str) -> None:
    row = {"id": UUID(int=1), "text": "a"}
    after: dict[str, Kept] = {
        "row": {"one": [{"id": UUID(int=2), "text": "a"}]}, "value": {"one": [row | {"text": "b"}]}, "table": {},
    }  # fmt: skip
    assert len(compare({"one": [row]}, after[lost], "9999")) == 1
    assert compare({"one": [row]}, {"one": [row | {"new": 1}]}, "9999") == []
