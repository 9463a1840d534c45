import pytest

from schema.facts import CallAnswered, CallEnded, LegEnded, NetUsed, OfferFailed, WrapUpStarted
from tests.cti.play import Caller, Play


@pytest.mark.parametrize(
    ("stage", "outcome"),
    [
        ("ivr", "abandoned"),
        ("queue", "abandoned"),
        ("net", "abandoned"),
        ("ringing", "abandoned"),
        ("talking", "answered"),
    ],
)
def test_a_caller_may_hang_up_anywhere(play: Play, caller: Caller, stage: str, outcome: str) -> None:
    play.brought(caller, stage)
    play.hangs_up(caller)
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.ended_by) == (stage, outcome, "citizen")
    assert play.count(CallEnded) == 1
    assert play.count(LegEnded) == (2 if stage in ("ringing", "talking") else 1)


@pytest.mark.parametrize("how", ["HangupRequest", "BridgeLeave"])
def test_a_seat_may_end_the_call(play: Play, caller: Caller, how: str) -> None:
    play.brought(caller, "talking")
    play.event(Event="BridgeEnter", Uniqueid=caller.leg)
    play.event(Event=how, Uniqueid=caller.legs[0])
    play.event(Event="BridgeLeave", Uniqueid=caller.leg)
    play.over(caller.legs[0])
    play.over(caller.leg)
    assert play.last(CallEnded).ended_by == "seat"


def test_two_seats_ring_in_the_net_one_after_the_other(play: Play, caller: Caller) -> None:
    play.brought(caller, "net")
    play.rings(caller, "101")
    play.event(Event="DialEnd", Uniqueid=caller.leg, DestUniqueid=caller.legs[0], DialStatus="NOANSWER")
    play.over(caller.legs[0])
    play.rings(caller, "102")
    play.answers(caller, "102")
    play.event(Event="DialEnd", Uniqueid=caller.leg, DestUniqueid=caller.legs[1], DialStatus="ANSWER")
    assert [(f.seat, f.reason) for f in play.facts if isinstance(f, OfferFailed)] == [("101", "no answer")]
    assert play.last(CallAnswered).seat == "102"
    assert play.count(NetUsed) == 1
    play.hangs_up(caller)
    assert play.last(CallEnded).stage == "talking"


def test_outside_the_net_the_end_of_a_dial_is_left_to_the_dialplan(play: Play, caller: Caller) -> None:
    play.brought(caller, "ringing")
    assert (
        play.event(Event="DialEnd", Uniqueid=caller.leg, DestUniqueid=caller.legs[0], DialStatus="NOANSWER")
        == []
    )


def test_a_citizen_who_does_not_answer_us(play: Play) -> None:
    citizen = Caller()
    play.told(citizen, "Entered", Direction="out", Number="1", Purpose="return-visit")
    play.over(citizen.leg, cause=17)
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.cause) == ("ringing", "failed", 17)


def test_a_late_word_does_not_bring_a_dead_channel_back(play: Play, caller: Caller) -> None:
    play.brought(caller, "ivr")
    play.hangs_up(caller)
    assert play.calls(caller) == []
    assert play.waits(caller) == []


def test_a_call_older_than_the_pbx_is_lost(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    play.wait(60)
    play.event(Event="FullyBooted", Uptime="5")
    for leg in (caller.legs[0], caller.leg):
        play.event(Event="Note", What="Gone", Uniqueid=leg)
    ended = play.last(CallEnded)
    assert (ended.outcome, ended.ended_by, ended.stage, ended.inferred) == ("lost", "pbx", "talking", True)


def test_a_call_that_ended_while_nobody_listened_is_not_lost(play: Play, caller: Caller) -> None:
    play.event(Event="FullyBooted", Uptime="5000")
    play.brought(caller, "queue")
    play.event(Event="Note", What="Gone", Uniqueid=caller.leg)
    ended = play.last(CallEnded)
    assert (ended.outcome, ended.inferred) == ("abandoned", True)


def place(play: Play, caller: Caller, leg: str = "o1") -> str:
    """A seat calls a citizen: its own leg rings and answers first. Returns that leg."""
    why = {"CONTACT": str(caller.id), "CALL": str(caller.call), "WHY": f"out:{caller.number}"}
    carried = {f"DestChanVariable(GRIDLINE_{name})": value for name, value in why.items()}
    play.event(Event="DialBegin", DestUniqueid=leg, DestChannel="PJSIP/seat101-1", **carried)
    play.event(Event="DialEnd", DestUniqueid=leg, DestChannel="PJSIP/seat101-1", DialStatus="ANSWER")
    return leg


def reach(play: Play, caller: Caller, leg: str) -> str:
    """The citizen rings and answers. Returns their leg."""
    dial = {
        "Uniqueid": leg, "DestUniqueid": "o2", "DestChannel": "PJSIP/carrier-2",
        "DialString": f"{caller.number}@carrier",
    }  # fmt: skip
    play.event(Event="DialBegin", **dial)
    play.event(Event="DialEnd", DialStatus="ANSWER", **dial)
    return "o2"


@pytest.mark.parametrize("first", ["citizen", "seat"])
def test_a_placed_call_is_written_up_whoever_hangs_up_first(play: Play, caller: Caller, first: str) -> None:
    play.seat()
    leg = place(play, caller)
    far = reach(play, caller, leg)
    assert play.last(CallAnswered).seat == "101"
    for gone in (far, leg) if first == "citizen" else (leg, far):
        play.over(gone)
    assert play.count(WrapUpStarted) == play.count(CallEnded) == 1
    assert play.floor.seats["101"].state == "wrapup" and play.floor.calls == {}


def test_a_placed_call_that_nobody_took_is_not_written_up(play: Play, caller: Caller) -> None:
    play.seat()
    leg = place(play, caller)
    play.over(leg)
    assert play.count(WrapUpStarted) == 0 and play.last(CallEnded).outcome == "failed"
    assert play.floor.seats["101"].state == "ready"


def test_a_seat_whose_new_page_has_the_call_does_not_write_up_on_the_old_leg(
    play: Play, caller: Caller
) -> None:
    play.seat()
    play.brought(caller, "talking")
    old = caller.legs[-1]
    play.told(caller, "Transferred", Seat="101", Target="seat:101", How="recovered")
    play.rings(caller)
    play.over(old)
    assert play.count(WrapUpStarted) == 0 and play.floor.seats["101"].state == "ringing"
    play.answers(caller)
    play.hangs_up(caller)
    assert play.count(WrapUpStarted) == 1 and play.floor.seats["101"].state == "wrapup"


def test_a_new_leg_that_was_not_taken_leaves_the_old_one_to_write_up(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    old = caller.legs[-1]
    play.told(caller, "Transferred", Seat="101", Target="seat:101", How="recovered")
    play.rings(caller)
    play.fails(caller)
    play.over(old)
    assert [fact.seat for fact in play.facts if isinstance(fact, WrapUpStarted)] == ["101"]
