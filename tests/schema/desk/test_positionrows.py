"""A line of COPY says what its row says, whatever is empty in it."""

from datetime import UTC, datetime
from uuid import UUID

from schema.base import table_of
from schema.desk.positionrows import COLUMNS, line
from schema.positions import Position

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WORKER = UUID(int=7)


def test_the_columns_are_those_of_the_table() -> None:
    assert set(COLUMNS) == {column.name for column in table_of(Position).columns}


def test_a_line_has_a_field_for_each_column() -> None:
    whole = (
        "hs-1",
        NOW,
        WORKER,
        120.5,
        30.25,
        8.0,
        "gps",
        "",
        NOW,
        None,
        0.0,
        None,
        None,
        "[]",
        120.5,
        30.25,
        4.0,
    )
    assert line(whole).rstrip("\n").split("\t") == [
        "hs-1", "2026-11-24T10:00:00+00:00", WORKER.hex, "120.5", "30.25", "8.0", "gps", "", str(NOW), "\\N", "0.0",
        "\\N", "\\N", "[]", "120.5000000", "30.2500000", "4.00",
    ]  # fmt: skip
    empty = ("hs-1", NOW, WORKER, *[None] * 3, "cell", "invalid", NOW, *[None] * 8)
    assert line(empty).count("\\N") == 11 and line(empty).endswith("\\N\n")
