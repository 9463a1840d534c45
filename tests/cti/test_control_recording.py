"""Pausing a recording: every leg of the call that is recorded, once, and shown at the seat until it goes on."""

from schema.facts import RecordingPaused, RecordingResumed
from schema.orders import Barge, PauseRecording, ResumeRecording
from tests.cti.loops import awaited
from tests.cti.modelhouse import House

PAUSE, RESUME = PauseRecording(seat="101"), ResumeRecording(seat="101")


@awaited
async def test_it_is_paused_once_and_goes_on_once() -> None:
    house = House()
    _, leg = house.talk()
    for _ in range(2):
        assert await house.order(PAUSE) == ""
    paused = [fact for fact in house.facts if isinstance(fact, RecordingPaused)]
    assert [(fact.leg, fact.seat) for fact in paused] == [(leg.uniqueid, "101")]
    assert house.floor.seats["101"].unrecorded
    for _ in range(2):
        assert await house.order(RESUME) == ""
    assert house.count(RecordingResumed) == 1 and not house.floor.seats["101"].unrecorded


@awaited
async def test_who_has_joined_the_call_is_not_recorded_either() -> None:
    house = House()
    house.talk()
    assert await house.order(Barge(seat="101", watcher="900")) == ""
    for leg in house.hearing.memory.legs.values():
        leg.recording = leg.recording or leg.seat  # the model records no watcher; the PBX does
    assert await house.order(PAUSE) == ""
    paused = {fact.seat for fact in house.facts if isinstance(fact, RecordingPaused)}
    assert paused == {"101", "900"}


@awaited
async def test_the_next_call_of_the_seat_is_recorded_again() -> None:
    house = House()
    _, leg = house.talk()
    assert await house.order(PAUSE) == ""
    house.pbx.hangs_up(leg)
    assert not house.floor.seats["101"].unrecorded


@awaited
async def test_without_a_call_or_a_recording_it_is_refused() -> None:
    house = House()
    assert await house.order(PAUSE) == "seat 101 is not in a call"
    _, leg = house.talk()
    house.hearing.memory.legs[leg.uniqueid].recording = ""
    assert await house.order(PAUSE) == "nothing of this call is being recorded"
