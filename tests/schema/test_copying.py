"""Many rows at once, but for those that are there already; as they are, whatever is empty in them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from schema.base import table_of
from schema.copying import copy_rows
from schema.desk.positionrows import COLUMNS, line
from schema.ids import uuid7
from schema.positions import Position
from schema.store import Store

NOW = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)
FULL = (
    "hs-1", NOW, uuid7(), 120.1234567890123, -30.5, 8.25, "gps", "", NOW, NOW.replace(hour=3), 0.0, 359.9, -3.5,
    '[{"mcc":460}]', 120.1234567, -30.5, 4.25,
)  # fmt: skip
EMPTY = ("hs-2", NOW, uuid7(), None, None, None, "cell", "invalid", NOW, *[None] * 8)


@pytest.mark.parametrize("quick", [True, False])
def test_rows_are_written_once_as_they_are(store: Store, quick: bool) -> None:
    how = line if quick else None
    with store.work() as work:
        assert copy_rows(work.session, table_of(Position), COLUMNS, [], how) == 0
        assert copy_rows(work.session, table_of(Position), COLUMNS, [FULL, EMPTY], how) == 2
    other = ("hs-1", NOW, uuid7(), *FULL[3:])
    new = ("hs-3", *FULL[1:])
    with store.work() as work:
        assert copy_rows(work.session, table_of(Position), COLUMNS, [other, new], how) == 1
    with store.read() as session:
        rows = session.execute(select(table_of(Position)).order_by(Position.device)).all()
    assert [tuple(row._mapping[name] for name in COLUMNS) for row in rows] == [FULL, EMPTY, new]
