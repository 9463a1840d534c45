"""A route says which problems it answers with, and what a request may do at a seat."""

from typing import Any

import pytest

from backoffice.api import asks
from backoffice.api.problems import STATUS, Problem
from backoffice.api.route import ANY, OPEN, PATH, Ask, Route
from backoffice.api.table import TABLE
from schema.desk import tokens
from tests.backoffice.api.conftest import program
from tests.backoffice.conftest import Town


def route(**changes: Any) -> Route:
    plain = {
        "method": "GET",
        "path": "/x",
        "name": "x",
        "tag": "x",
        "summary": "x",
        "right": ANY,
        "does": lambda ask: 1,
    }
    return Route(**plain | changes)


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.name)
def test_every_route_names_codes_and_parts_of_paths_that_there_are(one: Route) -> None:
    assert set(one.codes) <= set(STATUS) and set(one.names) <= set(PATH)
    assert len(one.codes) == len(set(one.codes))
    assert (one.orders and one.told is None) == (one.query is asks.Wait)


def test_what_can_go_wrong_follows_from_what_it_is() -> None:
    assert set(route(right=OPEN).codes) == {"store", "broken"}
    assert set(route().codes) == {"store", "broken", "no-token", "bad-token", "too-many"}
    assert "forbidden" in route(right="board.see").codes
    assert {"malformed", "not-found"} <= set(route(path="/calls/{call}").codes)
    assert {"no-key", "in-progress", "other-request", "malformed"} <= set(route(method="POST").codes)


def test_at_a_seat_acts_its_own_user_or_who_may_act_for_others(town: Town) -> None:
    programs = [program(town, *who) for who in (("agent",), ("supervisor",), ("supervisor", "seat.work"))]
    with town.store.read() as session:
        agent, boss, limited = (tokens.find(session, one.secret, town.clock()) for one in programs)
    for who, seat, fine in (
        (agent, "101", True), (agent, "102", False), (boss, "101", True), (limited, "102", True),
        (limited, "101", False),
    ):  # fmt: skip
        assert who is not None
        ask = Ask(who, route(), {}, None, None)
        if fine:
            assert ask.at_seat(seat) == seat
        else:
            with pytest.raises(Problem, match="forbidden"):
                ask.at_seat(seat)
