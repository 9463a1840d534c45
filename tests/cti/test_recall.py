"""What the PBX wrote down while nobody listened becomes facts with the times at which it happened, and each once."""

from datetime import datetime, timedelta

import pytest

from cti.memory import Memory
from cti.pbxlog import Line
from cti.recall import Gap, end_of_life, recalled
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallOffered,
    CallQueued,
    LegEnded,
    LegJoined,
    LegLeft,
    NetUsed,
    RecordingStarted,
    RecordingStopped,
    WrapUpStarted,
)
from tests.cti.play import NOON, Caller, Play

CARRIER, SEAT = "PJSIP/carrier-1", "PJSIP/seat101-2"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Written:
    """The event log of a PBX, from a moment on; times are seconds from noon."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def say(self, seconds: float, what: str, leg: str, name: str, *, linked: str = "", bridge: str = "",
            contact: str = "", context: str = "") -> None:  # fmt: skip
        extra = {"bridge_id": bridge} if bridge else {"hangupcause": "16"} if what == "HANGUP" else {}
        line = Line(what, at(seconds), "139", "12345", context, name, leg, linked or leg, extra, contact)
        self.lines.append(line)

    def comes(self, caller: Caller, seconds: float) -> None:
        self.say(seconds, "CHAN_START", caller.leg, CARRIER)
        self.say(seconds + 0.1, "ANSWER", caller.leg, CARRIER, contact=str(caller.id))

    def talks(self, caller: Caller, leg: str, begin: float, end: float, where: str = "gridline-dial") -> None:
        """Seat 101 rings, answers a second later and hangs up at `end`; then the citizen's leg ends too."""
        self.say(begin - 1, "CHAN_START", leg, SEAT, linked=caller.leg)
        self.say(begin, "ANSWER", leg, SEAT, linked=caller.leg)
        for each, name in ((leg, SEAT), (caller.leg, CARRIER)):
            self.say(begin, "BRIDGE_ENTER", each, name, linked=caller.leg, bridge="b", context=where)
        self.ends(caller, leg, end)

    def ends(self, caller: Caller, leg: str, end: float) -> None:
        for each, name in ((leg, SEAT), (caller.leg, CARRIER)):
            self.say(end, "BRIDGE_EXIT", each, name, linked=caller.leg, bridge="b")
            self.say(end, "HANGUP", each, name, linked=caller.leg, context="gridline-dial")
            self.say(end, "CHAN_END", each, name, linked=caller.leg, context="gridline-dial")


def gap(play: Play, heard: float, listening: float) -> Gap:
    legs = play.hearing.memory.legs
    return Gap(at(heard), at(listening), {uniqueid: leg.bridge for uniqueid, leg in legs.items()})


def recall(play: Play, log: Written, gap: Gap) -> None:
    for note in recalled(log.lines, play.hearing.memory, gap, "carrier", "hotline"):
        play.note(note)


def joins(play: Play, *legs: str, bridge: str = "b") -> None:
    for leg in legs:
        play.event(Event="BridgeEnter", Uniqueid=leg, BridgeUniqueid=bridge)


@pytest.fixture
def log() -> Written:
    return Written()


def test_a_call_that_came_and_went_is_told_from_beginning_to_end(play: Play, log: Written) -> None:
    play.seat()
    caller = Caller()
    log.comes(caller, 1)
    log.talks(caller, "17.2", 3, 9)
    play.wait(20)
    recall(play, log, gap(play, 0, 20))
    about = {fact.at for fact in play.facts if isinstance(fact, CallEntered)}
    assert about == {at(1)} and play.last(CallQueued).at == at(1.1)
    assert (play.last(CallOffered).at, play.last(CallAnswered).at) == (at(2), at(3))
    assert [fact.at for fact in play.facts if isinstance(fact, LegJoined | LegLeft)] == [at(3)] * 2 + [
        at(9)
    ] * 2
    ended = play.last(CallEnded)
    assert (ended.outcome, ended.ended_by, ended.cause, ended.at) == ("answered", "seat", 16, at(9))
    assert play.last(RecordingStarted).name == play.last(RecordingStopped).name
    assert play.last(WrapUpStarted).at == at(9)
    assert play.floor.right and not play.floor.calls and not play.hearing.memory.legs


@pytest.mark.parametrize(("where", "by_net"), [("gridline-dial", 0), ("gridline-net", 1)])
def test_who_found_the_seat_is_told_by_where_the_caller_then_was(
    play: Play, log: Written, where: str, by_net: int
) -> None:
    play.seat()
    caller = Caller()
    log.comes(caller, 1)
    log.talks(caller, "17.2", 3, 9, where)
    recall(play, log, gap(play, 0, 20))
    assert play.count(NetUsed) == by_net and play.last(CallEnded).outcome == "answered"


def test_who_waited_in_vain_meanwhile_is_counted_as_waiting_and_abandoned(play: Play, log: Written) -> None:
    caller = Caller()
    log.comes(caller, 1)
    log.say(5, "HANGUP", caller.leg, CARRIER, context="gridline-wait")
    log.say(5, "CHAN_END", caller.leg, CARRIER, context="gridline-wait")
    play.wait(9)
    recall(play, log, gap(play, 0, 9))
    assert play.last(CallEnded).outcome == "abandoned" and play.last(CallEnded).at == at(5)
    assert (play.floor.figures.offered, play.floor.figures.abandoned) == (1, 1) and play.floor.right


def test_a_talk_that_ended_meanwhile_ends_when_it_did(play: Play, log: Written) -> None:
    play.seat()
    caller = play.brought(Caller(), "talking")
    joins(play, caller.leg, caller.legs[-1])
    log.ends(caller, caller.legs[-1], 7)
    play.wait(30)
    recall(play, log, gap(play, 0, 30))
    assert {fact.at for fact in play.facts if isinstance(fact, LegLeft | LegEnded | CallEnded)} == {at(7)}
    assert not play.floor.calls


def test_an_answer_meanwhile_has_its_own_time(play: Play, log: Written) -> None:
    play.seat()
    caller = play.brought(Caller(), "ringing")
    log.say(4, "ANSWER", caller.legs[-1], SEAT, linked=caller.leg)
    log.say(4, "BRIDGE_ENTER", caller.legs[-1], SEAT, linked=caller.leg, bridge="b")
    play.wait(6)
    recall(play, log, gap(play, 0, 6))
    assert (play.last(CallAnswered).at, play.last(LegJoined).at) == (at(4), at(4))
    assert play.floor.calls[caller.call].stage == "talking"


def test_what_was_heard_just_before_the_gap_is_not_told_again(play: Play, log: Written) -> None:
    play.seat()
    caller = play.brought(Caller(), "talking")
    joins(play, caller.leg, caller.legs[-1])
    for leg, name in ((caller.leg, CARRIER), (caller.legs[-1], SEAT)):
        play.event(Event="BridgeLeave", Uniqueid=leg, BridgeUniqueid="b")
        log.say(-0.2, "BRIDGE_ENTER", leg, name, bridge="b")
        log.say(-0.1, "BRIDGE_EXIT", leg, name, bridge="b")
    before = len(play.facts)
    recall(play, log, gap(play, 0, 5))
    assert play.facts[before:] == []


def test_what_the_ears_already_hear_again_is_left_to_them(play: Play, log: Written) -> None:
    play.seat()
    caller = play.brought(Caller(), "talking")
    joins(play, caller.leg, caller.legs[-1])
    log.ends(caller, caller.legs[-1], 7)  # after the ears were there again
    before = len(play.facts)
    recall(play, log, gap(play, 0, 6))
    assert play.facts[before:] == []


def test_a_leg_that_has_moved_on_since_is_not_moved_back(play: Play, log: Written) -> None:
    play.seat()
    caller = play.brought(Caller(), "talking")
    joins(play, caller.leg)
    log.say(-1, "BRIDGE_ENTER", caller.leg, CARRIER, bridge="b")
    log.say(2, "BRIDGE_EXIT", caller.leg, CARRIER, bridge="b")
    missed = gap(play, 0, 3)
    joins(play, caller.leg, bridge="c")  # heard after the gap, before the log was read
    recall(play, log, missed)
    assert play.hearing.memory.legs[caller.leg].bridge == "c" and play.last(LegJoined).bridge == "c"


def test_told_twice_it_is_still_once(play: Play, log: Written) -> None:
    play.seat()
    caller = Caller()
    log.comes(caller, 1)
    log.talks(caller, "17.2", 3, 9)
    missed = gap(play, 0, 20)
    recall(play, log, missed)
    told = len(play.facts)
    recall(play, log, missed)
    assert len(play.facts) == told


def test_a_caller_on_the_way_to_a_script_was_queued_when_a_seat_rang(play: Play, log: Written) -> None:
    play.seat()
    caller = Caller()
    play.calls(caller)
    log.talks(caller, "17.2", 3, 9)
    recall(play, log, gap(play, 0, 20))
    assert play.last(CallQueued).at == at(2) and play.last(CallEnded).outcome == "answered"
    assert play.floor.right


@pytest.mark.parametrize("contact", ["", "no id"])
def test_a_stranger_to_the_hotline_makes_no_call(play: Play, log: Written, contact: str) -> None:
    log.say(1, "CHAN_START", "17.1", CARRIER)
    log.say(2, "ANSWER", "17.1", CARRIER, contact=contact)
    log.say(2, "BRIDGE_ENTER", "17.1", CARRIER, bridge="b")
    log.say(3, "CHAN_END", "17.1", CARRIER)
    recall(play, log, gap(play, 0, 20))
    assert play.facts == []


def test_a_channel_whose_beginning_nobody_has_is_left_alone(play: Play, log: Written) -> None:
    log.say(1, "ANSWER", "17.1", CARRIER, contact=str(Caller().id))
    assert recalled(log.lines, Memory(), gap(play, 0, 20), "carrier", "hotline") == []


def test_a_pbx_died_when_the_ears_lost_it_or_after_its_last_word(log: Written) -> None:
    log.say(3, "CHAN_START", "17.1", CARRIER)
    log.say(8, "CHAN_START", "18.1", CARRIER)
    assert end_of_life(log.lines, Gap(at(0), at(9), lost=at(4)), at(7)) == at(4)
    assert end_of_life(log.lines, Gap(at(0), at(9)), at(7)) == at(3)
    assert end_of_life([], Gap(at(0), at(9)), at(7)) == at(0)
