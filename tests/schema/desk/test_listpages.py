"""Pages of a list: places in an address."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.desk.listpages import Place, read_place, write_place
from schema.ids import uuid7

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.mark.parametrize("before", [True, False])
def test_a_place_is_read_as_it_was_written(before: bool) -> None:
    place = Place(NOW + timedelta(microseconds=1), uuid7(), before)
    assert read_place(write_place(place)) == place
    for broken in (
        "",
        "a",
        "a.1",
        "a.x.0",
        "c.1." + "0" * 32,
        "a.１." + "0" * 32,
        "a.1.x",
    ):
        assert read_place(broken) is None
