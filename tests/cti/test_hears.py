import lzma
from itertools import pairwise

import pytest

from cti.ami import Splitter, message
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallOffered,
    CallQueued,
    LanguageChosen,
    LegEnded,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RatingGiven,
    RecordingStarted,
    RecordingStopped,
    WrapUpStarted,
)
from schema.ids import CallId, CaseId, uuid7
from tests.cti.play import NOON, WANG, Caller, Play
from tests.cti.test_ami import TAPE


def kinds(facts: list[object]) -> list[str]:
    return [type(fact).__name__ for fact in facts]


def test_a_call_from_dial_tone_to_good_bye(play: Play, caller: Caller) -> None:
    play.seat("101", WANG)
    play.facts.clear()
    play.calls(caller)
    play.told(caller, "NoticePlayed")
    play.told(caller, "LanguageChosen", Language="ug", Key="3")
    play.waits(caller)
    play.rings(caller)
    play.answers(caller)
    play.told(caller, "Recording", leg=caller.legs[0], Name="r1", Seat="101")
    play.hangs_up(caller)
    assert kinds(play.facts) == [
        "CallEntered", "NoticePlayed", "LanguageChosen", "CallQueued", "CallOffered", "CallAnswered",
        "RecordingStarted", "LegEnded", "RecordingStopped", "WrapUpStarted", "LegEnded", "CallEnded",
    ]  # fmt: skip
    assert {fact.contact for fact in play.facts} == {caller.id}
    entered, queued = play.last(CallEntered), play.last(CallQueued)
    assert (entered.number, entered.dialled, entered.leg, entered.at) == (
        caller.number,
        "12345",
        caller.leg,
        NOON,
    )
    assert (queued.queue, queued.language, queued.priority, queued.returning) == ("hotline", "zh", 0, False)
    assert (play.last(LanguageChosen).language, play.last(LanguageChosen).key) == ("ug", "3")
    assert (play.last(CallOffered).user, play.last(CallAnswered).user) == (WANG, WANG)
    assert (play.last(RecordingStarted).name, play.last(RecordingStopped).name) == ("r1", "r1")
    assert (play.last(WrapUpStarted).seat, play.last(WrapUpStarted).call) == ("101", caller.call)
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.ended_by, ended.cause) == ("talking", "answered", "citizen", 16)
    assert play.hearing.memory.calls == play.hearing.memory.legs == {}


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


def test_a_citizen_who_does_not_answer_us(play: Play) -> None:
    citizen = Caller()
    play.told(citizen, "Entered", Direction="out", Number="1", Purpose="return-visit")
    play.over(citizen.leg, cause=17)
    ended = play.last(CallEnded)
    assert (ended.stage, ended.outcome, ended.cause) == ("ringing", "failed", 17)


@pytest.mark.parametrize("score", ["0", "6", "x", ""])
def test_a_rating_out_of_range_is_none(play: Play, caller: Caller, score: str) -> None:
    play.brought(caller, "ivr")
    assert play.told(caller, "RatingGiven", Case=str(uuid7()), Score=score) == []


def test_everything_heard_twice_counts_once(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    play.told(caller, "Recording", leg=caller.legs[0], Name="r1", Seat="101")
    play.hangs_up(caller)
    once = [fact for fact in play.facts if not isinstance(fact, NoticePlayed)]
    twice = Hearing("pbx1", Memory())
    heard = [fact for frame in play.tape for _ in (1, 2) for fact in twice.hear(frame)]
    assert [f for f in heard if not type(f).__name__.startswith("Seat")] == [
        f for f in once if not type(f).__name__.startswith("Seat")
    ]


def test_the_same_tape_gives_the_same_facts(play: Play) -> None:
    play.seat()
    for stage in ("ivr", "queue", "net", "ringing", "talking"):
        play.hangs_up(play.brought(Caller(), stage))
    again = Hearing("pbx1", Memory())
    assert [fact for frame in play.tape for fact in again.hear(frame)] == play.facts


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


@pytest.mark.parametrize(
    "raw",
    [
        b"Event: UserEvent\r\nUserEvent: Gridline\r\nWhat: Entered\r\nCall: nonsense\r\nContact: x",
        b"Event: UserEvent\r\nUserEvent: Gridline\r\nWhat: Nothing",
        b"Event: UserEvent\r\nUserEvent: Other\r\nWhat: Entered",
        b"Event: Hangup",
        b"Event: Hangup\r\nUniqueid: strange",
        b"Event: FullyBooted\r\nUptime: long",
        b"Event: DialBegin\r\nDestUniqueid: 1\r\nDestChannel: PJSIP/seat101-1\r\nUniqueid: strange",
        b"Event: ContactStatus\r\nAOR: carrier\r\nURI: x\r\nContactStatus: Reachable",
        b"Event: Note",
        b"Response: Error",
        b"\xff\xfe",
    ],
)
def test_what_makes_no_sense_has_no_facts(play: Play, caller: Caller, raw: bytes) -> None:
    play.brought(caller, "queue")
    assert play.hearing.hear(Heard("pbx1", "e", 99, 0, NOON, raw)) == []
    assert list(play.hearing.memory.calls) == [caller.call]


def test_a_fact_about_a_call_needs_its_contact(play: Play, caller: Caller) -> None:
    play.brought(caller, "ivr")
    other = Caller()
    other.call = caller.call
    assert play.waits(other) == []


def test_a_tape_of_strangers_has_no_facts() -> None:
    hearing = Hearing("pbx1", Memory())
    messages = Splitter().feed(lzma.decompress(TAPE.read_bytes()))
    assert [f for n, m in enumerate(messages) for f in hearing.hear(Heard("pbx1", "e", n, 0, NOON, m))] == []
    assert not hearing.memory.calls and not hearing.memory.legs


def test_what_is_remembered_of_the_dead_is_bounded(play: Play) -> None:
    for n in range(5000):
        play.hearing.hear(Heard("pbx1", "e", n, 0, NOON, message({"Event": "Hangup", "Uniqueid": str(n)})))
    assert len(play.hearing.memory.gone) == 2000
    assert all(int(a) < int(b) for a, b in pairwise(play.hearing.memory.gone))
