from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import literal, select

from schema.base import UtcDateTime
from schema.desk.spans import intervals, kept, plainly, seconds
from schema.store import Store

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def test_intervals_are_rows_in_order(store: Store) -> None:
    edges = (NOON, NOON + timedelta(minutes=15), NOON + timedelta(hours=1))
    table = intervals(edges, -1)
    with store.read() as session:
        found = session.execute(select(table.c.i, table.c.begins, table.c.ends).order_by(table.c.i)).all()
    assert [tuple(row) for row in found] == [(-1, edges[0], edges[1]), (0, edges[1], edges[2])]


def test_three_thousand_intervals_are_not_too_many(store: Store) -> None:
    table = intervals([NOON + timedelta(minutes=15 * n) for n in range(3002)])
    with store.read() as session:
        assert len(session.execute(select(kept(select(table.c.i)))).all()) == 3001


@pytest.mark.parametrize("lasted", [0.001, 15.0, 3600.5, 90_000.0])
def test_seconds_are_told_alike_by_both_databases(store: Store, lasted: float) -> None:
    begin, end = (literal(at, UtcDateTime()) for at in (NOON, NOON + timedelta(seconds=lasted)))
    with store.read() as session:
        assert session.scalar(select(seconds(session, begin, end))) == pytest.approx(lasted, abs=0.001)


def test_a_column_said_plainly_is_still_that_column(store: Store) -> None:
    with store.read() as session:
        assert session.scalar(select(plainly(literal("seat")))) == "seat"
