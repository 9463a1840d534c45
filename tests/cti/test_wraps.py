from datetime import timedelta

from twisted.internet.task import Clock

from cti import notes
from cti.wraps import WrapUps
from tests.cti.play import NOON, Caller, Play


def test_an_extended_wrap_up_ends_when_it_was_extended_to(play: Play) -> None:
    clock = Clock()
    wraps = WrapUps(
        play.floor, clock=clock, utc=lambda: NOON + timedelta(seconds=clock.seconds()), write=play.note
    )
    play.seat()
    caller = play.brought(Caller(), "talking")
    for leg in (caller.legs[0], caller.leg):
        for fact in play.over(leg):
            wraps.heard(fact)
    for fact in play.note(notes.wrap_up_extended("101", NOON + timedelta(seconds=90))):
        wraps.heard(fact)
    clock.advance(89)
    assert play.floor.seats["101"].state == "wrapup"
    clock.advance(1)
    assert play.floor.seats["101"].state == "ready"
    assert clock.getDelayedCalls() == []


def test_a_wrap_up_of_no_length_is_over_at_once_without_a_timer(play: Play) -> None:
    clock = Clock()
    play.floor.wrap_up = timedelta(0)
    wraps = WrapUps(play.floor, clock=clock, utc=lambda: NOON, write=play.note)
    play.seat()
    caller = play.brought(Caller(), "talking")
    for leg in (caller.legs[0], caller.leg):
        for fact in play.over(leg):
            wraps.heard(fact)
    assert (play.floor.seats["101"].state, clock.getDelayedCalls()) == ("ready", [])
