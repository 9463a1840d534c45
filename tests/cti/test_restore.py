from datetime import timedelta
from uuid import UUID

import pytest

from cti import restore
from cti.tape import Mark
from schema.calls import CallRow, LegRow, SeatRow
from schema.ids import CallId, uuid7
from tests.cti.play import NOON, WANG, ZONE

CALL = uuid7()


def call(**changes: object) -> CallRow:
    fields = dict(
        id=CALL, contact=CALL, node="pbx1", leg="1.1", direction="in", number="139", language="zh", queue="hotline",
        stage="ringing", outcome="", entered_at=NOON, queued_at=NOON + timedelta(seconds=5),
        offered_at=NOON + timedelta(seconds=6), answered_at=None, ended_at=None, offers=1, seat="",
    )  # fmt: skip
    return CallRow(**(fields | changes))


def leg(**changes: object) -> LegRow:
    fields = dict(
        node="pbx1",
        leg="1.2",
        call=CALL,
        kind="seat",
        seat="101",
        started_at=NOON,
        answered_at=None,
        result="",
    )
    return LegRow(**(fields | changes))


def seat(state: str, reason: str = "") -> SeatRow:
    return SeatRow(seat="101", node="pbx1", user=WANG, name="Wang", digest="", state=state, reason=reason, since=NOON,
                   opened_at=NOON)  # fmt: skip


def rows(calls: list[CallRow], legs: list[LegRow], seats: list[SeatRow]) -> restore.Restored:
    contacts: dict[UUID, UUID] = {CALL: CALL}
    return restore.Restored(Mark("e", 5), calls, legs, contacts, {}, {CALL: {"101": "1.2"}}, seats, calls)


@pytest.mark.parametrize(
    ("result", "answered", "state"),
    [("", False, "ringing"), ("answered", True, "talking"), ("no answer", False, "ready")],
)
def test_a_seat_does_what_its_leg_does(result: str, answered: bool, state: str) -> None:
    found = restore.floor(
        rows([call()], [leg(result=result, answered_at=NOON if answered else None)], [seat("ready")]),
        ZONE,
        NOON,
    )
    assert found.seats["101"].state == state
    assert (found.seats["101"].call == CALL) == (state != "ready")


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("ready", "", "ready"),
        ("paused", "rest", "paused"),
        ("unreachable", "rest", "unreachable"),
        ("wrapup", "", "wrapup"),
    ],
)
def test_a_seat_without_a_leg_is_as_it_was(state: str, reason: str, expected: str) -> None:
    found = restore.floor(rows([], [], [seat(state, reason)]), ZONE, NOON)
    assert (found.seats["101"].state, found.seats["101"].paused, found.seats["101"].since) == (
        expected,
        reason,
        NOON,
    )
    assert bool(restore.memory(rows([], [], [seat(state)])).contacts) == (state != "unreachable")


def test_a_seat_that_is_being_opened_is_not_open() -> None:
    found = rows([], [], [seat("opening")])
    assert restore.floor(found, ZONE, NOON).seats == {}
    assert restore.memory(found).users == {}


def test_a_caller_keeps_the_place_and_remembers_who_rang() -> None:
    found = rows([call()], [leg(leg="1.1", kind="citizen", seat=""), leg()], [seat("ready")])
    live = restore.floor(found, ZONE, NOON).calls[CallId(CALL)]
    assert (live.stage, live.seat, live.returning, live.waiting_since) == (
        "ringing",
        "101",
        True,
        NOON + timedelta(seconds=5),
    )
    memory = restore.memory(found)
    assert memory.calls[CallId(CALL)].rang == {"101": "1.2"}
    assert [(leg.kind, leg.seat, leg.answered) for leg in memory.legs.values()] == [
        ("citizen", "", False),
        ("seat", "101", False),
    ]
