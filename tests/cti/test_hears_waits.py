from datetime import timedelta
from uuid import UUID

import pytest

from cti import notes
from schema.facts import CallBackAsked, CallBackPromised, CallEnded, CallOverflowed, CallQueued, WaitTold
from tests.cti.play import NOON, Caller, Play

PROMISE = UUID(int=9)


def promise(play: Play, caller: Caller) -> None:
    play.note(
        notes.promised(
            PROMISE, caller.id, caller.call, Queue="hotline", Number="138", Language="zh", Priority="3",
            Place=NOON.isoformat(), Expires=(NOON + timedelta(hours=4)).isoformat(), Skills="pipes:3",
        )
    )  # fmt: skip


def test_what_a_waiting_caller_is_told_and_asks_for(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    play.told(caller, "WaitTold", Position="3", Seconds="240")
    play.told(caller, "CallBackAsked", Number="138")
    assert (play.last(WaitTold).position, play.last(WaitTold).seconds) == (3, 240)
    assert play.last(CallBackAsked).number == "138"


@pytest.mark.parametrize(
    ("to", "ends"), [("message", "overflow"), ("voicemail", "overflow"), ("queue:water", "abandoned")]
)
def test_a_caller_who_left_the_line_is_no_abandoned_one(
    play: Play, caller: Caller, to: str, ends: str
) -> None:
    play.brought(caller, "queue")
    play.told(caller, "Overflowed", Queue="hotline", To=to, Reason="waited")
    assert play.last(CallOverflowed).to == to
    play.hangs_up(caller)
    assert play.last(CallEnded).outcome == ends


def test_a_promise_is_heard_once_and_ends_the_wait(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    promise(play, caller)
    promise(play, caller)
    assert play.count(CallBackPromised) == 1
    assert (play.last(CallBackPromised).skills, play.last(CallBackPromised).place) == ("pipes:3", NOON)
    play.hangs_up(caller)
    assert play.last(CallEnded).outcome == "callback"


def test_who_waits_on_after_a_promise_is_in_the_line_again(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    promise(play, caller)
    play.waits(caller)
    assert play.count(CallQueued) == 2
    play.hangs_up(caller)
    assert play.last(CallEnded).outcome == "abandoned"
    assert play.floor.right


@pytest.mark.parametrize("position", ["", "x", "3.5"])
def test_what_makes_no_sense_is_not_heard(play: Play, caller: Caller, position: str) -> None:
    play.brought(caller, "queue")
    play.told(caller, "WaitTold", Position=position, Seconds="1")
    assert play.count(WaitTold) == 0
