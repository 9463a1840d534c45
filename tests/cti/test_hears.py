import lzma
from collections.abc import Sequence
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
    NoticePlayed,
    RecordingStarted,
    RecordingStopped,
    WrapUpStarted,
)
from tests.cti.play import NOON, WANG, Caller, Play
from tests.cti.test_ami import TAPE


def kinds(facts: Sequence[object]) -> list[str]:
    return [type(fact).__name__ for fact in facts]


def test_a_call_from_dial_tone_to_good_bye(play: Play, caller: Caller) -> None:
    play.seat("101", WANG)
    play.facts.clear()
    play.calls(caller)
    play.told(caller, "NoticePlayed")
    play.told(caller, "LanguageChosen", Language="ug", Key="3")
    play.told(caller, "MenusWalked", Path="language:3", Left="")
    play.waits(caller)
    play.rings(caller)
    play.answers(caller)
    play.told(caller, "Recording", leg=caller.legs[0], Name="r1", Seat="101")
    play.hangs_up(caller)
    assert kinds(play.facts) == [
        "CallEntered", "NoticePlayed", "LanguageChosen", "MenusWalked", "CallQueued", "CallOffered", "CallAnswered",
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
    assert not play.hearing.memory.calls and not play.hearing.memory.legs


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
