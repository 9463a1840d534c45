"""Intervals for the database: as a table to join, and the seconds from one column to another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, Integer, Select, cast, column, func, values
from sqlalchemy.orm import Session

from schema.base import UtcDateTime


def intervals(edges: Sequence[datetime], first: int = 0) -> CTE:
    """Intervals (`i` from `first`, `begins`, `ends`) as a table."""
    rows = [(first + i, begins, ends) for i, (begins, ends) in enumerate(zip(edges, edges[1:], strict=False))]
    columns = (column("i", Integer), column("begins", UtcDateTime()), column("ends", UtcDateTime()))
    return values(*columns, name="given").data(rows).cte("intervals")


def kept(query: Select[Any]) -> CTE:
    """A query that is worked out once by itself, before its rows are added up or left out."""
    return query.cte("placed").prefix_with("MATERIALIZED")


def plainly(wanted: ColumnElement[str]) -> ColumnElement[str]:
    """A column that no index helps with.

    Beside a join by an interval's edges, SQLite would make an index of its own for `column = value`, think the edges
    the lesser help, and read the whole table for each interval.
    """
    return func.coalesce(wanted, "")


def seconds(session: Session, begin: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[float]:
    """The seconds from one time to another, to the millisecond, as each database says it."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.extract("epoch", end - begin), Float)
    return (func.julianday(end, type_=Float) - func.julianday(begin, type_=Float)) * 86_400.0
