from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.calls import SeatRow
from schema.desk import seats
from schema.facts import (
    SeatClosed,
    SeatFact,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatUnreachable,
    WrapUpEnded,
    WrapUpStarted,
)
from schema.ids import CallId, uuid7
from schema.orders import OpenSeat
from schema.store import Store
from tests.schema.desk.bookkeeping import write_down

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WANG, LI = UUID(int=7), UUID(int=8)
CALL = CallId(uuid7())


class Seat:
    """Seat 101 of pbx1, told of facts a second apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.at = NOON

    def prepare(self, user: UUID = WANG, digest: str = "0" * 32) -> None:
        order = OpenSeat(seat="101", user=user, name="王", digest=digest, language="ug")
        with self.store.work() as work:
            seats.prepare(work, order, "pbx1")

    def tell(self, kind: type[SeatFact], **more: Any) -> None:
        self.at += timedelta(seconds=1)
        write_down(self.store, kind(**{"at": self.at, "seat": "101", "node": "pbx1"} | more))

    def open(self) -> "Seat":
        self.prepare()
        self.tell(SeatOpened, user=WANG, name="王")
        self.tell(SeatReachable)
        return self

    @property
    def row(self) -> SeatRow | None:
        with self.store.read() as session:
            return session.get(SeatRow, "101")

    @property
    def state(self) -> tuple[str, str] | None:
        row = self.row
        return (row.state, row.reason) if row else None


@pytest.fixture
def seat(store: Store) -> Seat:
    return Seat(store)


def test_a_seat_is_opened_step_by_step(seat: Seat) -> None:
    seat.prepare()
    assert seat.state == ("opening", "opened")
    seat.tell(SeatOpened, user=WANG, name="王")
    assert seat.state == ("unreachable", "opened")
    seat.tell(SeatReachable)
    assert seat.state == ("paused", "opened")
    seat.tell(SeatReady)
    assert seat.state == ("ready", "")
    row = seat.row
    assert row is not None
    assert (row.user, row.name, row.digest, row.language, row.since) == (WANG, "王", "0" * 32, "ug", seat.at)


def test_a_pause_outlasts_the_softphones_absence(seat: Seat) -> None:
    seat.open()
    seat.tell(SeatPaused, reason="rest")
    seat.tell(SeatUnreachable)
    assert seat.state == ("unreachable", "rest")
    seat.tell(SeatReachable)
    assert seat.state == ("paused", "rest")
    seat.tell(SeatUnreachable)
    seat.tell(SeatReady)
    assert seat.state == ("unreachable", "")
    seat.tell(SeatReachable)
    assert seat.state == ("ready", "")


def test_wrap_up_ends_in_what_the_agent_asked_for(seat: Seat) -> None:
    seat.open()
    seat.tell(SeatReady)
    seat.tell(WrapUpStarted, call=CALL)
    assert seat.state == ("wrapup", "")
    seat.tell(SeatPaused, reason="rest")
    assert seat.state == ("wrapup", "rest")
    seat.tell(WrapUpEnded, by="timer")
    assert seat.state == ("paused", "rest")


def test_a_seat_taken_over_has_the_new_digest_at_once(seat: Seat) -> None:
    seat.open()
    seat.prepare(LI, "1" * 32)
    row = seat.row
    assert row is not None and (row.state, row.user, row.digest) == ("opening", LI, "1" * 32)
    seat.tell(SeatClosed)  # of the one before
    assert seat.state is not None


def test_a_closed_seat_is_gone(seat: Seat) -> None:
    seat.open()
    seat.tell(SeatClosed)
    assert seat.row is None
    seat.tell(SeatReady)
    assert seat.row is None


def test_a_seat_that_could_not_be_made_is_gone(seat: Seat) -> None:
    seat.prepare()
    with seat.store.work() as work:
        seats.give_up(work, "101")
        seats.give_up(work, "102")
    assert seat.row is None


def test_another_nodes_facts_are_not_ours(seat: Seat) -> None:
    seat.open()
    seat.tell(SeatReady, node="pbx2")
    assert seat.state == ("paused", "opened")


def test_the_open_seats_of_a_node(seat: Seat) -> None:
    seat.open()
    with seat.store.read() as session:
        assert [row.seat for row in seats.open_seats(session, "pbx1")] == ["101"]
        assert seats.open_seats(session, "pbx2") == []
