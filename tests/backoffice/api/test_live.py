"""At whose seat an order about a call is meant: by the floor, else by the rows."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from msgspec import UNSET

from backoffice.api.live import connected, moment, opened, person, seat_of
from backoffice.api.problems import Problem
from schema.calls import LegRow, SeatRow
from schema.ids import uuid7
from tests.backoffice.api.conftest import CALL, NOW
from tests.backoffice.conftest import Town

Found = TypeVar("Found")
ID = UUID(CALL)
BOTH = {"101": {"state": "talking", "call": CALL}, "103": {"state": "talking", "call": CALL}}


def at(town: Town, call: Callable[..., Found], *given: Any) -> Found:
    """What is called inside the application."""
    with town.app.app_context():
        return call(*given)


@pytest.mark.parametrize(
    ("wanted", "own", "lead", "found"),
    [
        (UNSET, None, "101", "101"), (UNSET, None, "103", "103"), (UNSET, "103", "101", "103"),
        (UNSET, "102", "101", "101"),
        ("103", "101", "101", "103"), (UNSET, None, "", "101"),
    ],
)  # fmt: skip
def test_the_one_that_is_named_else_the_own_else_the_one_who_answered(
    town: Town, wanted: Any, own: str | None, lead: str, found: str
) -> None:
    town.seen(seats=BOTH, calls={CALL: {"seat": lead}})
    assert at(town, seat_of, ID, wanted, own) == found


@pytest.mark.parametrize(
    ("ended", "answered", "code"), [(False, True, ""), (True, True, "no-call"), (False, False, "no-call")]
)
def test_a_leg_that_talks_by_the_rows_will_do(town: Town, ended: bool, answered: bool, code: str) -> None:
    town.seen()
    row, now = town.call(), town.clock()
    with town.store.work() as work:
        work.session.add(
            LegRow(node="pbx1", leg="1", call=row.id, kind="seat", seat="104", started_at=now,
                   answered_at=now if answered else None, ended_at=now if ended else None)
        )  # fmt: skip
    if code:
        with pytest.raises(Problem, match=code):
            at(town, seat_of, row.id, UNSET, None)
    else:
        assert at(town, seat_of, row.id, UNSET, None) == at(town, seat_of, row.id, "104", None) == "104"
        with pytest.raises(Problem, match="no-call"):
            at(town, seat_of, row.id, "101", None)


def test_a_call_that_is_over_or_was_never_there(town: Town) -> None:
    town.seen()
    with pytest.raises(Problem, match="not-found"):
        at(town, seat_of, uuid7(), UNSET, None)
    with pytest.raises(Problem, match="no-call: the call is over"):
        at(town, seat_of, town.call(outcome="answered").id, UNSET, None)


def test_a_seat_is_open_by_the_floor_or_the_rows(town: Town) -> None:
    town.seen(seats={"101": {"state": "ready"}})
    at(town, opened, "101")
    with pytest.raises(Problem, match="seat-closed"):
        at(town, opened, "102")
    with town.store.work() as work:
        work.session.add(
            SeatRow(
                seat="102",
                node="pbx1",
                user=uuid7(),
                digest="x",
                state="ready",
                since=work.now,
                opened_at=work.now,
            )
        )
    at(town, opened, "102")


def test_only_where_the_telephone_room_speaks(town: Town) -> None:
    with pytest.raises(Problem, match="no-connection"):
        at(town, connected, "101")
    town.seen(link="down")
    with pytest.raises(Problem, match="no-connection"):
        at(town, connected, "101")
    town.seen(v=2)
    at(town, connected, "101")


def test_a_number_is_a_persons_who_may_come_in(town: Town) -> None:
    assert at(town, person, "101").login == "agent"
    for number in ("999", ""):
        with pytest.raises(Problem, match="not-found"):
            at(town, person, number)


def test_times_of_the_floor() -> None:
    assert moment(None) is moment("") is None and moment(NOW) is not None
