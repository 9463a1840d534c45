"""Every table that only grows is shut by the migrations, on both engines: rows come in, and stay as they are."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from schema.clocks import CalendarVersion
from schema.store import Store
from schema.upgrade import upgrade

SHUT = (
    "case_steps",
    "calendars",
    "audit",
    "rulebooks",
    "given_points",
    "case_marks",
    "daily_briefs",
    "score_sheets",
    "quality_draws",
    "quality_steps",
    "quality_marks",
)


def test_the_migrated_database_has_each_trigger(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store(empty_url)
    where, name = ("sqlite_master", "name") if store.is_sqlite else ("pg_trigger", "tgname")
    with store.read() as session:
        found = set(session.scalars(sa.select(sa.table(where, sa.column(name)).c[name])))
    endings = ("no_update", "no_delete") if store.is_sqlite else ("no_change",)
    assert {f"{table}_{ending}" for table in SHUT for ending in endings} <= found
    store.close()


def test_a_row_that_came_in_is_neither_changed_nor_removed(empty_url: str) -> None:
    upgrade(empty_url)
    store = Store(empty_url)
    with store.work() as work:
        made_at = datetime(2026, 1, 1, tzinfo=UTC)
        work.session.add(CalendarVersion(name="city", version=1, body={}, made_at=made_at, made_by=None))
    for wish in (sa.update(CalendarVersion).values(version=2), sa.delete(CalendarVersion)):
        with pytest.raises(DBAPIError, match="never changed or removed"), store.work() as work:
            work.session.execute(wish)
    with store.read() as session:
        assert session.scalars(sa.select(CalendarVersion.version)).all() == [1]
    store.close()
