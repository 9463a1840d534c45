"""The life cycle of a case: every edge of the table, every non-edge, and the drawing beside it."""

import re
from pathlib import Path

import pytest

from schema.rules.access import RIGHTS
from schema.rules.lifecycle import (
    BEFORE,
    CASE,
    ORDERS,
    RUNNING,
    START,
    STATES,
    WAY,
    NoSuchMove,
    move,
    orders,
)

DRAWING = Path(__file__).parents[3] / "docs" / "state-machines" / "case.dot"
EDGES = {(row.state, row.order): row.next for row in CASE}


@pytest.mark.parametrize("state", (START, *STATES), ids=lambda word: word or "start")
def test_an_order_moves_a_case_only_along_an_edge(state: str) -> None:
    for order in ORDERS:
        if (state, order) in EDGES:
            assert move(state, order).next == EDGES[state, order]
            assert order in orders(state)
        else:
            with pytest.raises(NoSuchMove):
                move(state, order)
            assert order not in orders(state)


def test_no_edge_is_there_twice() -> None:
    assert len(EDGES) == len(CASE)


def test_the_way_of_a_case_that_goes_well() -> None:
    state, way = START, []
    for order in ("collect", "accept", "file", "dispatch", "handle", "pass", "close", "rate"):
        state = move(state, order).next
        way.append(state)
    assert way == ["collected", "accepted", "filed", "dispatched", "handled", "checked", "closed", "rated"]
    assert way == list(WAY)


def onward(state: str) -> set[str]:
    """Where a case can go from a state, or work at it goes on there."""
    return {
        row.next
        for row in CASE
        if row.state == state and row.order not in ("conceal", "reveal", "attach", "detach", "find-late")
    }


def test_every_state_is_reached_and_only_what_is_void_or_split_is_an_end() -> None:
    assert {row.state for row in CASE} - {START} <= set(STATES)
    assert {state for state in STATES if not onward(state)} == {"void", "split"}


def ends_of(state: str) -> set[str]:
    """What a clock can be as a case comes to `state`: the whole table, walked from the start."""
    after = {
        "start": "runs",
        "suspend": "stands",
        "resume": "runs",
        "extend": "runs",
        "stop": "over",
        "restart": "?",
    }
    seen, todo = set(), [(START, "none")]
    while todo:
        here, clock = todo.pop()
        if (here, clock) in seen:
            continue
        seen.add((here, clock))
        for row in CASE:
            if row.state != here:
                continue
            then = after.get(row.clock, clock)
            if row.clock == "stop" and clock == "none":
                then = "none"
            if row.next != BEFORE:
                todo.append((row.next, then))
    return {clock for at, clock in seen if at == state}


@pytest.mark.parametrize("state", STATES)
def test_a_clock_runs_while_the_case_is_worked_at_and_never_elsewhere(state: str) -> None:
    found = ends_of(state)
    if state in RUNNING:
        assert found == {"runs"}
    elif state == "suspended":
        assert found == {"stands"}
    else:
        assert "runs" not in found and "stands" not in found


def test_what_goes_back_to_the_state_before_comes_from_a_state_it_can_leave_to() -> None:
    back = {row.state for row in CASE if row.next == BEFORE}
    assert back == {"suspended", "merged"}
    for state in back:
        assert {
            row.next for row in CASE if row.order == {"suspended": "suspend", "merged": "merge"}[state]
        } == {state}


def test_every_edge_takes_a_right_that_exists() -> None:
    assert {row.right for row in CASE} <= RIGHTS.keys()


def test_what_is_refused_says_what_would_be_possible() -> None:
    with pytest.raises(
        NoSuchMove,
        match="close is not possible for a case that is filed; possible: dispatch, reply, suspend",
    ):
        move("filed", "close")
    with pytest.raises(NoSuchMove, match="possible: conceal, reveal, attach, detach, find-late$"):
        move("void", "rate")
    with pytest.raises(NoSuchMove, match="possible: nothing"):
        move("nowhere", "rate")


def test_the_drawing_is_the_table() -> None:
    text = DRAWING.read_text("utf-8")
    drawn = set(re.findall(r'^  "(.*?)" -> "(.*?)" \[label="(\S+) \((\S+)\)"\]$', text, re.MULTILINE))
    assert drawn == {(row.state, row.next, row.order, row.right) for row in CASE}
    assert set(re.findall(r'^  "([^"]*)" \[', text, re.MULTILINE)) == {START, BEFORE, *STATES}
