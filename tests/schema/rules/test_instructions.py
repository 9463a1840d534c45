"""An instruction stands as its times say: given, read, late, answered."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.rules.instructions import standing

GIVEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
UNTIL = GIVEN + timedelta(hours=10)


def at(hours: float) -> datetime:
    return GIVEN + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("read", "answered", "now", "state", "colour"),
    [
        (None, None, 0, "given", "green"),
        (1, None, 7.9, "read", "green"),
        (1, None, 8, "read", "yellow"),
        (None, None, 10, "given", "yellow"),
        (1, None, 10.01, "late", "red"),
        (None, None, 99, "late", "red"),
        (1, 10, 99, "answered", "green"),
        (1, 10.01, 99, "answered-late", "red"),
    ],
)
def test_it_stands_so(
    read: float | None, answered: float | None, now: float, state: str, colour: str
) -> None:
    found = standing(
        GIVEN, UNTIL, None if read is None else at(read), None if answered is None else at(answered), at(now)
    )
    assert (found.state, found.colour) == (state, colour)
    assert found.is_open is (answered is None)
