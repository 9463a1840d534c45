import lzma
from datetime import timedelta

import pytest

from cti import notes
from cti.ami import Splitter
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallTransferred,
    LegAnswered,
    LegFailed,
    LegHeld,
    LegJoined,
    LegLeft,
    LegRang,
    WatchEnded,
    WatchStarted,
)
from tests.cti.modelhouse import House
from tests.cti.play import NOON, Caller, Play
from tests.cti.tapes import TAPES


def dial(play: Play, leg: str, dest: str, channel: str, **more: str) -> list[object]:
    return list(play.event(Event="DialBegin", Uniqueid=leg, DestUniqueid=dest, DestChannel=channel, **more))


def test_a_seat_asks_another_and_it_answers(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    dial(play, caller.legs[0], "a", "PJSIP/seat102-1")
    rang = play.last(LegRang)
    assert (rang.kind, rang.why, rang.seat, rang.by) == ("seat", "consult", "102", "101")
    ends = {"Uniqueid": caller.legs[0], "DestUniqueid": "a", "DestChannel": "PJSIP/seat102-1"}
    for _ in (1, 2):  # said twice, it counts once
        play.event(Event="DialEnd", DialStatus="ANSWER", **ends)
    assert play.count(LegAnswered) == 1 and play.count(CallAnswered) == 1
    assert play.hearing.memory.calls[caller.call].stage == "talking"


@pytest.mark.parametrize(
    ("status", "reason"),
    [("BUSY", "busy"), ("CHANUNAVAIL", "unreachable"), ("CANCEL", "caller gone"), ("NEWWORD", "unreachable")],
)
def test_whoever_is_asked_may_be_in_a_call_of_their_own(
    play: Play, caller: Caller, status: str, reason: str
) -> None:
    play.brought(caller, "talking")
    dial(play, caller.legs[0], "a", "PJSIP/carrier-1", DialString="13900139000@carrier")
    assert (play.last(LegRang).kind, play.last(LegRang).number) == ("party", "13900139000")
    play.event(Event="DialEnd", Uniqueid=caller.legs[0], DestUniqueid="a", DialStatus=status)
    assert play.last(LegFailed).reason == reason


def test_who_is_consulted_in_a_call_of_ones_own_making_is_no_citizen() -> None:
    house = House()
    _, leg = house.talk()  # any leg: its why is what counts
    house.hearing.memory.legs[leg.uniqueid].why = "out"
    house.hearing.memory.legs[leg.uniqueid].reached = True
    dial(house, leg.uniqueid, "x", "PJSIP/carrier-9", DialString="13900139000@carrier")
    assert (house.last(LegRang).kind, house.last(LegRang).why) == ("party", "consult")


def test_legs_join_move_and_leave(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    for bridge in ("b1", "b1", "b2"):
        play.event(Event="BridgeEnter", Uniqueid=caller.leg, BridgeUniqueid=bridge)
    assert [fact.bridge for fact in play.facts if isinstance(fact, LegJoined)] == ["b1", "b2"]
    assert [fact.bridge for fact in play.facts if isinstance(fact, LegLeft)] == ["b1"]
    for bridge in ("b1", "b2", "b2"):  # late, true, and twice
        play.event(Event="BridgeLeave", Uniqueid=caller.leg, BridgeUniqueid=bridge)
    assert play.count(LegLeft) == 2 and play.hearing.memory.legs[caller.leg].bridge == ""


def test_hold_is_over_when_the_leg_joins_or_is_sent_on(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    for _ in (1, 2):
        play.told(caller, "Held", By="101")
    assert play.count(LegHeld) == 1
    play.event(Event="BridgeEnter", Uniqueid=caller.leg, BridgeUniqueid="b")
    play.told(caller, "Held", By="101")
    play.told(caller, "Transferred", Seat="101", Target="queue:water", How="blind")
    assert play.count(LegHeld) == 2 and not play.hearing.memory.legs[caller.leg].held


def test_a_supervisor_listens_whispers_and_leaves(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    ids = {"CONTACT": str(caller.id), "CALL": str(caller.call), "WHY": "watch"}
    carried = {f"DestChanVariable(GRIDLINE_{name})": value for name, value in ids.items()}
    play.event(Event="DialBegin", DestUniqueid="w", DestChannel="PJSIP/seat900-1", **carried)
    for mode in ("listen", "listen", "whisper"):
        play.told(caller, "Watching", leg="w", Seat="101", Watcher="900", Mode=mode)
    play.over("w")
    assert [fact.mode for fact in play.facts if isinstance(fact, WatchStarted)] == ["listen", "whisper"]
    assert [fact.mode for fact in play.facts if isinstance(fact, WatchEnded)] == ["listen", "whisper"]


def test_the_call_is_handed_to_who_was_asked(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    dial(play, caller.legs[0], "a", "PJSIP/seat102-1")
    play.note(notes.note("Handed", Uniqueid="a", Seat="101", How="consulted"))
    handed = play.last(CallTransferred)
    assert (handed.target, handed.how) == ("seat:102", "consulted")
    assert play.hearing.memory.legs["a"].why == "transfer"


def test_masquerades_and_local_channels_are_no_legs(play: Play, caller: Caller) -> None:
    """Asterisk swaps channels under other names and makes pairs of its own: none of these are anybody's."""
    play.brought(caller, "talking")
    before = play.hearing.memory.legs.copy()
    count = len(play.facts)
    play.event(Event="Newchannel", Channel="AsyncGoto/PJSIP/seat101-1", Uniqueid="m1")
    play.event(Event="Rename", Channel="PJSIP/seat101-1", Newname="PJSIP/seat101-1<MASQ>", Uniqueid="m1")
    play.event(Event="BridgeEnter", Channel="Local/101@from-seat-1;2", Uniqueid="l2", BridgeUniqueid="b")
    play.event(Event="BridgeLeave", Channel="Local/101@from-seat-1;2", Uniqueid="l2", BridgeUniqueid="b")
    dial(play, "l1", "l3", "Local/101@from-seat-2;1")
    play.event(Event="Hangup", Channel="PJSIP/seat101-1<ZOMBIE>", Uniqueid="m1", Cause="16")
    assert len(play.facts) == count and play.hearing.memory.legs == before
    play.hangs_up(caller)
    assert play.count(CallEnded) == 1


def test_a_name_may_be_cut_anywhere_on_the_wire(play: Play) -> None:
    """Whatever a read ends with: the number and the ids are the same, for every cut of every byte."""
    caller = Caller()
    play.calls(caller)
    name = "CallerIDName: 王小明 ئالىم\r\n".encode()
    wire = (
        b"Asterisk Call Manager/11\r\n" + play.tape[0].raw.replace(b"\r\n", b"\r\n" + name, 1) + b"\r\n\r\n"
    )
    for cut in range(1, len(wire)):
        splitter = Splitter()
        (raw,) = [*splitter.feed(wire[:cut]), *splitter.feed(wire[cut:])]
        (entered,) = Hearing("pbx1", Memory()).hear(Heard("pbx1", "e", 1, 0, NOON, raw))
        assert (
            isinstance(entered, CallEntered)
            and entered.number == caller.number
            and entered.call == caller.call
        )


def test_a_name_cut_in_the_middle_of_a_character_harms_nobody(play: Play) -> None:
    caller = Caller()
    play.calls(caller)
    name = "王小明".encode()
    for cut in range(len(name)):
        raw = play.tape[0].raw.replace(b"\r\n", b"\r\nCallerIDName: " + name[:cut] + b"\r\n", 1)
        (entered,) = Hearing("pbx1", Memory()).hear(Heard("pbx1", "e", 1, 0, NOON, raw))
        assert isinstance(entered, CallEntered) and entered.number == caller.number


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_steps_changes_no_fact_but_its_time(step: timedelta) -> None:
    tape = lzma.decompress((TAPES / "calls.tape.xz").read_bytes()).split(b"\n@")[1:400]
    frames = []
    for n, piece in enumerate(tape):
        head, _, raw = piece.partition(b"\n")
        frames.append((n, raw))
    told = []
    for stepped in (timedelta(0), step):
        hearing = Hearing("pbx1", Memory())
        facts = []
        for n, raw in frames:
            at = NOON + timedelta(milliseconds=n) + (stepped if n > 200 else timedelta(0))
            facts += hearing.hear(Heard("pbx1", "e", n, n, at, raw))
        told.append(
            [(type(fact).__name__, getattr(fact, "call", None), getattr(fact, "leg", "")) for fact in facts]
        )
    assert told[0] == told[1] and len(told[0]) > 20
