"""Keyset pages: moments that databases can follow, cursors that say where a page ends."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest
from msgspec import UNSET

from backoffice.api.asks import Cursor
from backoffice.api.pages import cursor_of, moment

EIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_a_cursor_is_what_a_query_takes() -> None:
    text = cursor_of(EIGHT, UUID(int=7))
    assert text == "1795507200000000-00000000000000000000000000000007"
    assert msgspec.convert(text, Cursor) == text


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (EIGHT.astimezone(timezone(timedelta(hours=8))), EIGHT),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(1000, 1, 1, tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), datetime(9000, 1, 1, tzinfo=UTC)),
        (datetime(1, 1, 2, tzinfo=UTC), datetime(1000, 1, 1, tzinfo=UTC)),
        (UNSET, None),
    ],
)
def test_a_moment_stays_where_databases_can_follow(asked: datetime, meant: datetime | None) -> None:
    assert moment(asked) == meant
