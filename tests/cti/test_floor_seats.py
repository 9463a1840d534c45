import pytest

from cti import notes
from cti.live import Consulted
from schema.facts import CallEnded, LegEnded
from schema.orders import (
    CompleteTransfer,
    Conference,
    Consult,
    Hold,
    Listen,
    Resume,
    StopWatching,
    Swap,
    Transfer,
    Whisper,
)
from tests.cti.loops import awaited
from tests.cti.modelhouse import House
from tests.cti.play import NOON, Caller, Play
from tests.cti.test_hears_legs import place

EXPERT = "number:13900139000"


def seats(house: House) -> dict[str, str]:
    return {name: seat.state for name, seat in sorted(house.floor.seats.items())}


def test_a_seat_is_opened_paused_made_ready_and_closed(play: Play) -> None:
    play.seat("101", ready=False)
    assert (play.floor.seats["101"].state, play.floor.seats["101"].paused) == ("paused", "opened")
    play.note(notes.seat_ready("101"))
    play.wait(5)
    play.note(notes.seat_paused("101", "rest"))
    seat = play.floor.seats["101"]
    assert (seat.state, seat.paused, seat.opened, seat.since) == ("paused", "rest", NOON, play.now)
    play.note(notes.seat_closed("101"))
    assert play.floor.seats == {}
    for note in (notes.seat_ready("101"), notes.seat_paused("101", "x"), notes.wrapped_up("101", "timer")):
        play.note(note)
    assert play.floor.seats == {}


def test_a_seat_that_is_opened_anew_keeps_what_it_can(play: Play) -> None:
    play.seat()
    play.note(notes.seat_skilled("101", "zh:5", "tax:3", "hotline:1"))
    play.seat()
    seat = play.floor.seats["101"]
    assert (seat.languages, seat.skills, seat.queues, seat.call) == ("zh:5", "tax:3", "hotline:1", None)


def test_unreachable_hides_wrap_up_but_no_call(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    play.registered("101", "Removed")
    assert play.floor.seats["101"].state == "talking"
    play.hangs_up(caller)
    assert (play.floor.seats["101"].state, play.floor.seats["101"].busy) == ("unreachable", "wrapup")
    play.registered("101")
    assert play.floor.seats["101"].state == "wrapup"


def test_wrap_up_is_extended_and_ends(play: Play, caller: Caller) -> None:
    play.seat()
    play.hangs_up(play.brought(caller, "talking"))
    until = play.floor.seats["101"].wrap_until
    assert until is not None and until == NOON + play.floor.wrap_up
    play.note(notes.wrap_up_extended("101", until.replace(minute=30)))
    assert play.floor.seats["101"].wrap_until == until.replace(minute=30)
    play.note(notes.wrapped_up("101", "agent"))
    assert (play.floor.seats["101"].state, play.floor.seats["101"].call) == ("ready", None)
    play.note(notes.wrap_up_extended("101", until))
    assert play.floor.seats["101"].wrap_until is None


def test_a_pause_during_a_call_waits_for_its_end(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    play.note(notes.seat_paused("101", "meal"))
    assert play.floor.seats["101"].state == "talking"
    play.hangs_up(caller)
    play.note(notes.wrapped_up("101", "timer"))
    assert (play.floor.seats["101"].state, play.floor.seats["101"].paused) == ("paused", "meal")


@awaited
async def test_a_consultation_shows_at_both_seats_from_ring_to_end() -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Consult(seat="101", target="seat:102")) == ""
    other = leg.ringing
    assert other is not None
    assert house.floor.seats["101"].consult == Consulted(other.uniqueid, "seat:102", "ringing")
    assert (house.floor.seats["101"].citizen, seats(house)["102"], house.floor.seats["102"].why) == (
        "hold", "ringing", "consult",
    )  # fmt: skip
    house.pbx.answers(other)
    assert house.floor.seats["101"].consult == Consulted(other.uniqueid, "seat:102", "talking")
    assert await house.order(Swap(seat="101")) == ""
    assert house.floor.seats["101"].consult == Consulted(other.uniqueid, "seat:102", "hold")
    assert house.floor.seats["101"].citizen == "talking"
    assert await house.order(Conference(seat="101")) == ""
    assert house.floor.seats["101"].conference and house.floor.seats["101"].citizen == "talking"
    house.pbx.hangs_up(other)
    assert (house.floor.seats["101"].consult, house.floor.seats["101"].conference) == (None, False)
    assert seats(house)["102"] == "ready"  # who was only asked has nothing to write up


@pytest.mark.parametrize("status", ["BUSY", "NOANSWER", "CHANUNAVAIL"])
@awaited
async def test_a_seat_that_does_not_take_a_consultation_is_free(status: str) -> None:
    house = House()
    _, leg = house.talk()
    assert await house.order(Consult(seat="101", target="seat:102")) == ""
    assert leg.ringing is not None
    house.pbx.declines(leg.ringing, status)
    assert house.floor.seats["101"].consult is None and seats(house)["102"] == "ready"
    assert await house.order(Resume(seat="101")) == ""
    assert house.floor.seats["101"].citizen == "talking"


@awaited
async def test_the_citizen_goes_on_with_who_was_asked() -> None:
    house = House()
    _, leg = house.talk()
    assert await house.order(Consult(seat="101", target="seat:102")) == ""
    assert leg.ringing is not None
    house.pbx.answers(leg.ringing)
    house.wait(60)
    assert await house.order(CompleteTransfer(seat="101")) == ""
    taken = house.floor.seats["102"]
    assert (taken.citizen, taken.why, taken.since, taken.consult) == ("talking", "transfer", house.now, None)
    assert seats(house) == {"101": "wrapup", "102": "talking", "900": "ready"}
    call = next(iter(house.floor.calls.values()))
    assert (call.seat, call.stage) == ("102", "talking")


@awaited
async def test_a_citizen_who_is_sent_back_to_a_line_is_nobodys() -> None:
    house = House()
    house.talk()
    assert await house.order(Transfer(seat="101", target="queue:water")) == ""
    call = next(iter(house.floor.calls.values()))
    assert (call.seat, call.stage, call.queue, call.counted_in) == ("", "queue", "water", "water")
    assert house.floor.seats["101"].citizen == "" and house.floor.right


@awaited
async def test_hold_shows_until_the_citizen_hears_the_seat_again() -> None:
    house = House()
    citizen, _ = house.talk()
    for _ in range(2):
        assert await house.order(Hold(seat="101")) == ""
        assert house.floor.seats["101"].citizen == "hold"
        assert await house.order(Resume(seat="101")) == ""
        assert house.floor.seats["101"].citizen == "talking"
    assert await house.order(Hold(seat="101")) == ""
    house.pbx.hangs_up(citizen)
    assert house.floor.seats["101"].citizen == "" and house.floor.seats["101"].state == "talking"


@awaited
async def test_supervisors_show_while_they_listen() -> None:
    house = House()
    house.talk()
    over = {"seat": "101", "reason": "x"}
    assert await house.order(Listen(watcher="900", **over)) == ""
    assert await house.order(Listen(watcher="102", **over)) == ""
    assert await house.order(Whisper(watcher="900", **over)) == ""
    assert house.floor.seats["101"].watchers == {"900": "whisper", "102": "listen"}
    assert await house.order(StopWatching(watcher="102", **over)) == ""
    assert house.floor.seats["101"].watchers == {"900": "whisper"}
    assert seats(house) == {"101": "talking", "102": "ready", "900": "talking"}


def test_no_seat_rings_for_a_citizen_who_is_gone(play: Play) -> None:
    play.seat()
    caller = play.brought(Caller(), "ringing")
    play.over(caller.leg)
    assert play.count(CallEnded) == 1 and play.floor.seats["101"].state == "ready"
    play.over(caller.legs[0])
    assert play.count(LegEnded) == 2 and play.floor.seats["101"].state == "ready"


def test_a_late_end_of_an_old_leg_leaves_the_new_call_alone(play: Play) -> None:
    play.seat()
    old, new = play.brought(Caller("1"), "ringing"), Caller("2", leg="18.2")
    play.brought(new, "ringing")
    play.over(old.legs[0])
    assert (play.floor.seats["101"].state, play.floor.seats["101"].number) == ("ringing", "2")


def test_a_seat_in_a_bridge_has_answered_whatever_was_missed(play: Play) -> None:
    play.seat()
    caller = play.brought(Caller(), "ringing")
    play.event(Event="BridgeEnter", Uniqueid=caller.legs[0], BridgeUniqueid="b")
    assert play.floor.seats["101"].state == "talking"
    play.over(caller.leg)
    assert play.floor.seats["101"].state == "talking"  # until its own leg is over
    play.over(caller.legs[0])
    assert play.floor.seats["101"].state == "ready"


def test_a_seat_that_left_the_call_it_placed_is_not_busy_when_the_citizen_answers(play: Play) -> None:
    play.seat()
    caller = Caller()
    leg = place(play, caller)
    far = {
        "Uniqueid": leg,
        "DestUniqueid": "o2",
        "DestChannel": "PJSIP/carrier-2",
        "DialString": "139@carrier",
    }
    play.event(Event="DialBegin", **far)
    play.over(leg)
    play.event(Event="DialEnd", DialStatus="ANSWER", **far)
    assert play.floor.seats["101"].state == "ready"
