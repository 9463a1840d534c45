import pytest

from cti.tape import Heard
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallQueued,
    OfferFailed,
    RatingGiven,
    ReceptionRated,
    RecordingStopped,
    VisitAnswered,
)
from schema.ids import CallId, CaseId, uuid7
from tests.cti.play import NOON, WANG, Caller, Play


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("NOANSWER", "no answer"),
        ("BUSY", "busy"),
        ("CHANUNAVAIL", "unreachable"),
        ("CANCEL", "caller gone"),
        ("?", "unreachable"),
    ],
)
def test_a_seat_that_does_not_take_the_call(play: Play, caller: Caller, status: str, reason: str) -> None:
    play.brought(caller, "ringing")
    play.fails(caller, status=status)
    play.waits(caller, returning=True)
    failed = play.last(OfferFailed)
    assert (failed.seat, failed.reason, failed.leg) == ("101", reason, caller.legs[0])
    assert play.last(CallQueued).returning
    assert play.hearing.memory.calls[caller.call].stage == "queue"


def test_a_return_visit(play: Play) -> None:
    citizen, case = Caller("13900000009"), CaseId(uuid7())
    citizen.call = CallId(uuid7())
    citizen.leg = str(citizen.call)
    raw = (
        f"Event: DialBegin\r\nDestChannel: PJSIP/carrier-1\r\nDestUniqueid: {citizen.leg}\r\n"
        f"DestChanVariable: GRIDLINE_CONTACT={citizen.id}\r\nDestChanVariable: GRIDLINE_CALL={citizen.call}\r\n"
        f"DestChanVariable: GRIDLINE_CASE={case}\r\nDialString: 13900000009@carrier"
    ).encode()
    (entered,) = play.hearing.hear(Heard("pbx1", "e", 1, 0, NOON, raw))
    play.floor.hear(entered)
    assert isinstance(entered, CallEntered)
    assert (entered.direction, entered.purpose, entered.number, entered.case) == (
        "out",
        "return-visit",
        citizen.number,
        case,
    )
    (answered,) = play.told(citizen, "Visited", Case=str(case))
    assert isinstance(answered, CallAnswered) and (answered.by, answered.seat) == ("citizen", "")
    play.told(citizen, "Recording", Name="r2", Seat="visit")
    play.told(citizen, "RatingGiven", Case=str(case), Score="2")
    assert (play.last(RatingGiven).score, play.last(RatingGiven).case) == (2, case)
    play.over(citizen.leg)
    assert play.last(RecordingStopped).seat == "visit"
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.ended_by) == ("rating", "answered", "system")


@pytest.mark.parametrize(
    ("changes", "heard"), [({}, True), ({"Reception": "6"}, False), ({"Department": "x"}, False)]
)
def test_a_return_visit_is_answered_by_keys_in_a_call_that_we_placed(
    play: Play, caller: Caller, changes: dict[str, str], heard: bool
) -> None:
    visit, case = uuid7(), uuid7()
    said = {
        "Visit": str(visit),
        "Case": str(case),
        "Reception": "1",
        "Department": "5",
        "Solved": "0",
        **changes,
    }
    play.brought(caller, "ivr")
    assert play.told(caller, "VisitAnswered", **said) == [], "who calls in answers no visit"
    play.hearing.memory.calls[caller.call].direction = "out"
    facts = play.told(caller, "VisitAnswered", **said)
    assert len(facts) == heard
    if heard:
        (fact,) = facts
        assert isinstance(fact, VisitAnswered)
        assert (fact.visit, fact.case, fact.reception, fact.department, fact.solved) == (
            visit,
            case,
            1,
            5,
            False,
        )


@pytest.mark.parametrize("score", ["0", "6", "x", ""])
def test_a_rating_out_of_range_is_none(play: Play, caller: Caller, score: str) -> None:
    play.brought(caller, "ivr")
    assert play.told(caller, "RatingGiven", Case=str(uuid7()), Score=score) == []


def test_a_fact_about_a_call_needs_its_contact(play: Play, caller: Caller) -> None:
    play.brought(caller, "ivr")
    other = Caller()
    other.call = caller.call
    assert play.waits(other) == []


def test_a_citizen_whose_agent_has_left_rates_the_talk_once_while_the_seat_writes_up(
    play: Play, caller: Caller
) -> None:
    play.seat()
    play.brought(caller, "talking")
    for leg in (caller.leg, caller.legs[0]):
        play.event(Event="BridgeEnter", Uniqueid=leg, BridgeUniqueid="b")
    play.event(Event="HangupRequest", Uniqueid=caller.legs[0])
    for leg in (caller.legs[0], caller.leg):
        play.event(Event="BridgeLeave", Uniqueid=leg, BridgeUniqueid="b")
    assert play.told(caller, "ReceptionRated", Score="1") == [], "nobody asked yet"
    play.told(caller, "RatingAsked")
    play.over(caller.legs[0])
    assert play.told(caller, "RatingAsked") == []
    assert play.floor.seats["101"].state == "wrapup" and play.floor.calls[caller.call].stage == "rating"
    assert play.told(caller, "ReceptionRated", Score="9") == []
    play.told(caller, "ReceptionRated", Score="2")
    rated = play.last(ReceptionRated)
    assert (rated.seat, rated.user, rated.score) == ("101", WANG, 2)
    play.over(caller.leg)
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.ended_by) == ("rating", "answered", "seat")
