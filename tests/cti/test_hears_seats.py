import pytest

from cti import notes
from schema.facts import (
    SeatClosed,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatUnreachable,
    WrapUpEnded,
)
from tests.cti.play import WANG, Play


def test_a_seat_from_opening_to_closing(play: Play) -> None:
    play.seat("101", WANG)
    play.note(notes.seat_paused("101", "rest"))
    play.registered("101", "Removed")
    play.note(notes.seat_closed("101"))
    assert [type(fact) for fact in play.facts] == [
        SeatOpened, SeatReachable, SeatReady, SeatPaused, SeatUnreachable, SeatClosed,
    ]  # fmt: skip
    assert play.last(SeatOpened).user == WANG and play.last(SeatPaused).reason == "rest"
    assert play.hearing.memory.users == {}


@pytest.mark.parametrize("status", ["Created", "Updated", "Reachable", "NonQualified", "Unknown"])
def test_a_softphone_comes(play: Play, status: str) -> None:
    play.note(notes.seat_opened("101", WANG, "Wang"))
    assert [type(f) for f in play.registered("101", status)] == [SeatReachable]
    assert play.registered("101", "Reachable") == []


@pytest.mark.parametrize("status", ["Removed", "Unreachable"])
def test_a_softphone_goes(play: Play, status: str) -> None:
    play.seat()
    assert [type(f) for f in play.registered("101", status)] == [SeatUnreachable]
    assert play.registered("101", status) == []


@pytest.mark.parametrize("order", [("new", "old"), ("old", "new")])
def test_a_page_that_is_loaded_anew_registers_before_or_after_the_old_one_goes(
    play: Play, order: tuple[str, str]
) -> None:
    play.note(notes.seat_opened("101", WANG, "Wang"))
    play.note(notes.seat_seen("101", online=True))
    for which in order:
        play.registered("101", "Created" if which == "new" else "Removed", f"sip:{which}")
    assert play.hearing.memory.contacts["101"] == {"sip:new"}
    assert play.floor.seats["101"].reachable


def test_a_look_tells_only_what_is_new(play: Play) -> None:
    play.note(notes.seat_opened("101", WANG, "Wang"))
    assert [type(f) for f in play.note(notes.seat_seen("101", online=True))] == [SeatReachable]
    assert play.note(notes.seat_seen("101", online=True)) == []
    assert [type(f) for f in play.note(notes.seat_seen("101", online=False))] == [SeatUnreachable]


def test_a_seat_made_anew_has_nobody_of_before(play: Play) -> None:
    play.seat()
    assert [type(f) for f in play.note(notes.seat_opening("101"))] == [SeatUnreachable]
    assert [type(f) for f in play.note(notes.seat_opened("101", WANG, "Wang"))] == [SeatOpened]


def test_a_softphone_that_is_quicker_than_we_are_counts(play: Play) -> None:
    play.note(notes.seat_opening("101"))
    play.registered("101")
    play.note(notes.seat_opened("101", WANG, "Wang"))
    assert play.floor.seats["101"].reachable


def test_wrap_up_ends_by_somebody(play: Play) -> None:
    (ended,) = play.note(notes.wrapped_up("101", "timer"))
    assert isinstance(ended, WrapUpEnded) and (ended.seat, ended.by) == ("101", "timer")
