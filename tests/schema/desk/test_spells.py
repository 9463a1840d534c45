from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schema.calls import SeatSpellRow
from schema.desk.spells import SpellBook
from schema.ids import uuid7
from schema.store import Store

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WANG, LI, CALL = UUID(int=7), UUID(int=8), uuid7()


class Sitting:
    """Seat 101, turned from state to state; every word is written down by a process of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def turns(
        self, seconds: float, state: str, user: UUID = WANG, reason: str = "", call: UUID | None = None
    ) -> None:
        book = self._opened()
        book.turn("101", user, state, NOON + timedelta(seconds=seconds), reason=reason, call=call)
        self._write(book)

    def closes(self, seconds: float) -> None:
        book = self._opened()
        book.close("101", NOON + timedelta(seconds=seconds))
        self._write(book)

    def _opened(self) -> SpellBook:
        book = SpellBook("pbx1")
        with self.store.read() as session:
            book.load(session)
        return book

    def _write(self, book: SpellBook) -> None:
        with self.store.work() as work:
            book.write(work.session)
        book.written()

    @property
    def spells(self) -> list[tuple[str, float, float | None]]:
        with self.store.read() as session:
            rows = session.scalars(select(SeatSpellRow).order_by(SeatSpellRow.started_at, SeatSpellRow.n))
            return [
                (row.state, (row.started_at - NOON).total_seconds(),
                 None if row.ended_at is None else (row.ended_at - NOON).total_seconds())
                for row in rows
            ]  # fmt: skip


@pytest.fixture
def seat(store: Store) -> Iterator[Sitting]:
    yield Sitting(store)


def test_a_seat_is_in_one_state_after_the_other_from_opening_to_closing(seat: Sitting) -> None:
    seat.turns(0, "unreachable")
    seat.turns(5, "paused", reason="opened")
    seat.turns(5.5, "ready")
    seat.turns(6, "ready")  # nothing new
    seat.turns(10, "ringing", call=CALL)
    seat.turns(12, "talking", call=CALL)
    assert seat.spells[-1] == ("talking", 12, None)
    seat.closes(20)
    assert seat.spells == [
        ("unreachable", 0, 5), ("paused", 5, 5.5), ("ready", 5.5, 10), ("ringing", 10, 12), ("talking", 12, 20),
    ]  # fmt: skip


def test_what_lasts_no_time_is_no_spell(seat: Sitting) -> None:
    seat.turns(0, "ready")
    seat.turns(10, "talking", call=CALL)
    seat.turns(10, "wrapup", call=CALL)
    seat.turns(20, "ready")
    assert seat.spells == [("ready", 0, 10), ("wrapup", 10, 20), ("ready", 20, None)]


def test_another_person_and_another_opening_at_the_same_moment_are_spells_of_their_own(seat: Sitting) -> None:
    seat.turns(0, "ready")
    seat.turns(0, "ready", user=LI)
    assert seat.spells == [("ready", 0, 0), ("ready", 0, None)]


def test_a_clock_set_back_makes_no_spell_that_ends_before_it_begins(seat: Sitting) -> None:
    seat.turns(100, "ready")
    seat.turns(40, "talking", call=CALL)
    seat.closes(50)
    assert seat.spells == [("talking", 100, 100)]


def test_a_closed_seat_has_no_spell_to_close(seat: Sitting) -> None:
    seat.closes(1)
    assert seat.spells == []


@given(st.lists(st.tuples(st.integers(-3, 9), st.sampled_from(("ready", "paused", "talking", "close")))))
def test_spells_follow_each_other_without_gap_or_overlap(turns: list[tuple[int, str]]) -> None:
    book, at = SpellBook("pbx1"), NOON
    rows = book._rows
    kept = {}
    for wait, state in turns:
        at += timedelta(seconds=wait)
        if state == "close":
            book.close("101", at)
        else:
            book.turn("101", WANG, state, at)
        for row in rows:
            kept[row["started_at"], row["n"]] = row
    spells = [kept[key] for key in sorted(kept)]
    for before, after in zip(spells, spells[1:], strict=False):
        assert (
            before["ended_at"] is not None
            and before["started_at"] <= before["ended_at"] <= after["started_at"]
        )
