"""Beginnings: rows of recordings written together; none forgotten when the database is away."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from recordings.beginnings import Beginnings
from schema.facts import RecordingStarted
from schema.ids import CallId, ContactId
from schema.store import StoreUnreachable
from tests.patience import until


def started(name: str) -> RecordingStarted:
    call = UUID(int=7)
    return RecordingStarted(
        at=datetime(2026, 3, 4, tzinfo=UTC),
        contact=ContactId(call),
        call=CallId(call),
        node="pbx1",
        leg=name,
        name=name,
    )


class Rows:
    """What was written, each time; `away` is how often the database does not answer first."""

    def __init__(self, away: int = 0) -> None:
        self.away, self.written = away, list[list[str]]()

    def enter(self, facts: Sequence[RecordingStarted]) -> None:
        if self.away:
            self.away -= 1
            raise StoreUnreachable("away")
        self.written.append([fact.name for fact in facts])


def test_what_comes_together_is_written_together_in_its_order() -> None:
    rows = Rows()
    beginnings = Beginnings(rows.enter)
    for name in "abc":
        beginnings.add(started(name))
    beginnings.write()
    beginnings.write()
    assert rows.written == [["a", "b", "c"]]


def test_what_could_not_be_written_is_not_forgotten() -> None:
    rows = Rows(away=1)
    beginnings = Beginnings(rows.enter)
    beginnings.add(started("a"))
    with pytest.raises(StoreUnreachable):
        beginnings.write()
    beginnings.add(started("b"))
    beginnings.write()
    assert rows.written == [["a", "b"]]


def test_its_thread_writes_tries_again_and_ends_with_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.beginnings.AGAIN", 0.01)
    rows = Rows(away=2)
    beginnings = Beginnings(rows.enter)
    beginnings.start()
    beginnings.add(started("a"))
    until(lambda: rows.written == [["a"]])
    beginnings.add(started("b"))
    beginnings.stop()
    assert rows.written == [["a"], ["b"]]
