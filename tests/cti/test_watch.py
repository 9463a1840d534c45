from typing import Any

import pytest

from cti.link import ActionFailed
from schema.facts import CallTransferred, SeatPaused, WatchEnded, WatchStarted
from schema.orders import (
    Barge,
    ForceHangUp,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Hold,
    Listen,
    StopWatching,
    TakeOver,
    Whisper,
)
from schema.orders.watch import ForcedOrder, WatchOrder
from tests.cti.loops import awaited
from tests.cti.modelchannel import Channel
from tests.cti.modelhouse import House

OVER: dict[str, Any] = {"seat": "101", "watcher": "900", "reason": "training"}


def ear(house: House) -> Channel:
    """The supervisor's leg."""
    return next(one for one in house.pbx.channels.values() if one.seat == "900")


@pytest.mark.parametrize(("kind", "mode"), [(Listen, "listen"), (Whisper, "whisper")])
@awaited
async def test_a_supervisor_gets_an_ear_into_a_call(kind: type[WatchOrder], mode: str) -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(kind(**OVER)) == ""
    started = house.last(WatchStarted)
    assert (started.seat, started.watcher, started.mode) == ("101", "900", mode)
    assert ear(house).variables["GRIDLINE_WATCHED"] == leg.name
    assert house.floor.seats["101"].watchers == {"900": mode} and house.hears(leg) == {citizen.number}
    assert house.floor.seats["900"].state == "talking"
    assert await house.order(StopWatching(**OVER)) == ""
    assert house.floor.seats["101"].watchers == {} and house.floor.seats["900"].state == "ready"
    assert len(house.pbx.channels) == 2


@awaited
async def test_a_supervisor_changes_the_mode_on_one_leg() -> None:
    house = House()
    house.talk()
    for kind in (Listen, Listen, Whisper, Listen):
        assert await house.order(kind(**OVER)) == ""
    assert [fact.mode for fact in house.facts if isinstance(fact, WatchStarted)] == [
        "listen",
        "whisper",
        "listen",
    ]
    assert house.count(WatchEnded) == 2 and len(house.pbx.channels) == 3


@pytest.mark.parametrize("before", [None, Listen, Whisper])
@awaited
async def test_a_barge_is_heard_by_all_and_the_agent_may_leave(before: type[WatchOrder] | None) -> None:
    house = House()
    citizen, leg = house.talk()
    if before is not None:
        assert await house.order(before(**OVER)) == ""
    assert await house.order(Barge(**OVER)) == ""
    assert house.hears(citizen) == {"101", "900"} and house.hears(leg) == {
        citizen.number,
        "900",
    }
    assert await house.order(Listen(**OVER)) == "you are in the call already; leave it first"
    assert await house.order(Barge(**OVER)) == ""
    house.pbx.hangs_up(leg)
    assert house.hears(citizen) == {"900"} and house.floor.seats["101"].state == "wrapup"
    house.pbx.hangs_up(citizen)
    house.pbx.hangs_up(ear(house))
    assert not house.pbx.channels and not house.floor.calls and house.floor.seats["900"].state == "ready"


@awaited
async def test_a_supervisor_who_joined_in_leaves_again() -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Barge(**OVER)) == ""
    assert await house.order(StopWatching(**OVER)) == ""
    assert house.hears(leg) == {citizen.number} and house.floor.seats["101"].watchers == {}


@awaited
async def test_nobody_joins_in_where_the_seat_talks_with_nobody() -> None:
    house = House()
    house.talk()
    assert await house.order(Hold(seat="101")) == ""
    assert await house.order(Barge(**OVER)) == "seat 101 talks with nobody now"


@pytest.mark.parametrize("before", [None, Listen, Whisper, Barge])
@awaited
async def test_a_supervisor_takes_the_citizen_over(before: type[WatchOrder] | None) -> None:
    house = House()
    citizen, leg = house.talk()
    if before is not None:
        assert await house.order(before(**OVER)) == ""
    assert await house.order(TakeOver(**OVER)) == ""
    assert house.hears(citizen) == {"900"} and leg.uniqueid not in house.pbx.channels
    taken = house.last(CallTransferred)
    assert (taken.seat, taken.target, taken.how) == ("101", "seat:900", "taken")
    assert (house.floor.seats["900"].citizen, house.floor.seats["101"].watchers) == ("talking", {})
    house.pbx.hangs_up(citizen)
    assert house.floor.seats["900"].state == "wrapup" and not house.pbx.channels


@awaited
async def test_a_supervisor_in_a_call_of_their_own_listens_to_nobody() -> None:
    house = House()
    house.talk()
    house.talk("900", "13800138001")
    assert await house.order(Listen(**OVER)) == "your own seat 900 is in a call"
    assert await house.order(TakeOver(**OVER)) == "seat 900 is talking"
    house.offer(house.pbx.calls("13800138002"), "102")
    assert await house.order(Listen(**(OVER | {"watcher": "102"}))) == "your own seat 102 is in a call"
    assert await house.order(StopWatching(**OVER)) == "seat 900 does not listen to seat 101"
    assert await house.order(Listen(**(OVER | {"seat": "555"}))) == "seat 555 is not in a call"


@awaited
async def test_a_supervisor_who_does_not_answer_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.talk()
    monkeypatch.setattr(house.pbx, "answers", lambda channel: house.pbx.declines(channel, "NOANSWER"))
    assert await house.order(Listen(**OVER)) == "your own seat did not answer: no answer"
    assert house.floor.seats["900"].state == "ready" and len(house.pbx.channels) == 2


@awaited
async def test_a_forced_hang_up_releases_everybody() -> None:
    house = House()
    house.talk()
    assert await house.order(Listen(**OVER)) == ""
    assert await house.order(ForceHangUp(seat="101", reason="abuse")) == ""
    assert not house.pbx.channels and not house.floor.calls


@awaited
async def test_a_forced_transfer_says_so() -> None:
    house = House()
    citizen, _ = house.talk()
    assert await house.order(ForceTransfer(seat="101", target="queue:water", reason="too long")) == ""
    assert house.last(CallTransferred).how == "forced" and citizen.context == "gridline-wait"


@awaited
async def test_a_seat_is_paused_and_made_ready() -> None:
    house = House()
    assert await house.order(ForcePause(seat="101", reason="r" * 60)) == ""
    assert house.last(SeatPaused).reason == "r" * 39 + "…" and house.floor.seats["101"].state == "paused"
    assert await house.order(ForceReady(seat="101")) == ""
    assert house.floor.seats["101"].state == "ready"


@pytest.mark.parametrize("kind", [ForcePause, ForceReady])
@awaited
async def test_a_seat_that_is_not_open_is_not_forced(kind: type[ForcedOrder]) -> None:
    house = House()
    assert await house.order(kind(seat="555")) == "seat 555 is not open"


@awaited
async def test_an_ear_that_left_in_the_middle_fails_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.talk()

    async def gone(action: object, timeout: float = 5.0) -> None:
        raise ActionFailed("No such channel")

    monkeypatch.setattr(house.pbx, "action", gone)
    assert await house.order(Barge(**OVER)) == "No such channel"
    assert house.floor.seats["101"].watchers == {}
