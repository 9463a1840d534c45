"""The parts of the table of positions on PostgreSQL, one for each UTC day, made ahead and dropped when they are old.

What falls on a day that has no part lies in the one for the rest, and is moved when the day gets its own. SQLite keeps
one table, out of which old rows are deleted.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import DDL, Connection, delete, inspect

from schema.positions import PART, Position, TrackHead
from schema.store import UnitOfWork, alone

AHEAD = 2
"""Days after today for which there is a part."""
PARTS_LOCK = 0x6772_6964_0007


def keep_house(work: UnitOfWork, days: int) -> int:
    """Make the parts of today and the days after it, and let go of what is older than `days`; returns how much went.

    That is rows on SQLite; parts, and rows in the one for the rest, on PostgreSQL.
    """
    session = work.session
    today = work.now.astimezone(UTC).date()
    start = _midnight(today - timedelta(days=days))
    session.execute(delete(TrackHead).where(TrackHead.fixed_at < start))
    gone = 0
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        alone(connection, PARTS_LOCK)
        there = parts(connection)
        for day in sorted(there):
            if day < start.date():
                _do(connection, f"DROP TABLE {_name(day)}")
                gone += 1
        for ahead in range(AHEAD + 1):
            if (day := today + timedelta(days=ahead)) not in there:
                _make(connection, day)
    old: Any = session.execute(delete(Position).where(Position.fixed_at < start))
    return gone + int(old.rowcount)


def parts(connection: Connection) -> set[date]:
    """The days that have a part of their own."""
    names = inspect(connection).get_table_names()
    told = (name.removeprefix(PART) for name in names if name.startswith(PART))
    return {datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date() for day in told if day.isdigit()}


def _make(connection: Connection, day: date) -> None:
    name, rest = _name(day), f"{PART}rest"
    start, end = _midnight(day).isoformat(), _midnight(day + timedelta(days=1)).isoformat()
    inside = f"fixed_at >= '{start}' AND fixed_at < '{end}'"
    # Made beside, filled, then attached: a part cannot be made while rows of its day lie in the rest.
    _do(connection, f"CREATE TABLE {name} (LIKE positions INCLUDING ALL, CHECK ({inside}))")
    _do(connection, f"LOCK TABLE {rest} IN ACCESS EXCLUSIVE MODE")
    _do(
        connection,
        f"WITH gone AS (DELETE FROM {rest} WHERE {inside} RETURNING *)"  # noqa: S608 (days of our own)
        f" INSERT INTO {name} SELECT * FROM gone",
    )
    _do(connection, f"ALTER TABLE positions ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')")


def _do(connection: Connection, words: str) -> None:
    made: Any = DDL  # untyped there
    connection.execute(made(words))


def _name(day: date) -> str:
    return f"{PART}{day:%Y%m%d}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
