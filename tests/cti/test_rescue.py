from collections.abc import Coroutine
from typing import Any

import pytest
import structlog
from twisted.internet.task import Clock

from cti import notes
from cti.parties import OrderFailed
from cti.rescue import GRACE, LONELY, Rescue
from schema.facts import CallTransferred, Fact
from schema.orders import Barge, Conference, Consult, Hold
from tests.cti.loops import awaited
from tests.cti.modelchannel import Channel
from tests.cti.modelhouse import House


class Scene:
    """A house with a rescue: `wait` lets its clock run, `said` counts what the PBX was told."""

    def __init__(self) -> None:
        self.house, self.clock = House(), Clock()
        self.rescue = Rescue(self.house.control, clock=self.clock, spawn=self.spawn)
        self.said: list[str] = []
        told, observed = self.house.pbx.action, self.house.control.observed

        async def action(action: Any, timeout: float = 5.0) -> Any:
            self.said.append(f"{action['Action']} {action.get('Context', '')}".strip())
            return await told(action, timeout)

        def heard(fact: Fact) -> None:
            observed(fact)
            self.rescue.observed(fact)

        self.house.pbx.action = action  # type: ignore[method-assign]
        self.house.control.observed = heard

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """What is done at once needs no loop."""
        with pytest.raises(StopIteration):
            work.send(None)

    def dies(self, seat: str = "101") -> None:
        """A browser is gone."""
        self.house.registered(seat, "Removed")

    def wait(self, seconds: float) -> None:
        self.house.wait(seconds)
        self.clock.advance(seconds)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def waits_again(scene: Scene, citizen: Channel) -> bool:
    call = scene.house.floor.calls[scene.house.hearing.memory.legs[citizen.uniqueid].call]
    return citizen.context == "gridline-wait" and call.stage == "queue" and call.returning


def test_a_seat_whose_browser_died_loses_the_citizen_to_the_line(scene: Scene) -> None:
    citizen, leg = scene.house.talk()
    scene.dies()
    scene.wait(GRACE - 0.1)
    assert scene.house.hears(citizen) == {"101"}
    scene.wait(0.2)
    assert waits_again(scene, citizen) and leg.uniqueid not in scene.house.pbx.channels
    assert scene.house.last(CallTransferred).how == "rescued"


def test_a_softphone_that_comes_back_in_time_keeps_its_call(scene: Scene) -> None:
    citizen, _ = scene.house.talk()
    scene.dies()
    scene.wait(GRACE - 0.1)
    scene.house.registered("101")
    scene.wait(GRACE)
    assert scene.house.hears(citizen) == {"101"} and scene.said == []


def test_one_that_goes_twice_has_its_grace_twice(scene: Scene) -> None:
    citizen, _ = scene.house.talk()
    scene.dies()
    scene.wait(GRACE - 0.5)
    scene.house.registered("101")
    scene.dies()
    scene.wait(GRACE - 0.5)
    assert scene.house.hears(citizen) == {"101"}
    scene.wait(1)
    assert waits_again(scene, citizen)


@awaited
async def test_whoever_was_asked_is_released_with_the_dead_seat() -> None:
    scene = Scene()
    citizen, leg = scene.house.talk()
    assert await scene.house.order(Consult(seat="101", target="seat:102")) == ""
    assert leg.ringing is not None
    scene.house.pbx.answers(leg.ringing)
    scene.dies()
    scene.wait(GRACE + 0.1)
    assert waits_again(scene, citizen) and list(scene.house.pbx.channels) == [citizen.uniqueid]
    assert scene.house.floor.seats["102"].state == "ready"


@awaited
async def test_a_dead_seat_that_was_only_asked_takes_no_citizen_with_it() -> None:
    scene = Scene()
    citizen, leg = scene.house.talk()
    assert await scene.house.order(Consult(seat="101", target="seat:102")) == ""
    assert leg.ringing is not None
    scene.house.pbx.answers(leg.ringing)
    scene.dies("102")
    scene.wait(GRACE + 0.1)
    assert citizen.context == "gridline-hold" and leg.uniqueid in scene.house.pbx.channels


def test_a_call_that_ends_in_time_leaves_nothing_to_do(scene: Scene) -> None:
    citizen, _ = scene.house.talk()
    scene.dies()
    scene.house.pbx.hangs_up(citizen)
    with structlog.testing.capture_logs() as logs:
        scene.wait(GRACE + 1)
    assert scene.said == [] and logs == []


def test_an_ordinary_hang_up_is_the_pbxs_own_affair(scene: Scene) -> None:
    """No action and no line in the log for a call that simply ends, whoever hangs up."""
    with structlog.testing.capture_logs() as logs:
        for hangs_up in (0, 1):
            both = scene.house.talk()
            scene.house.pbx.hangs_up(both[hangs_up])
            scene.wait(LONELY + 1)
            scene.house.note(notes.wrapped_up("101", "timer"))
    assert scene.said == [] and logs == [] and not scene.house.pbx.channels


@awaited
async def test_a_seat_that_both_others_left_is_released() -> None:
    scene = Scene()
    citizen, leg = scene.house.talk()
    assert await scene.house.order(Consult(seat="101", target="number:13900139000")) == ""
    other = leg.ringing
    assert other is not None
    scene.house.pbx.answers(other)
    assert await scene.house.order(Conference(seat="101")) == ""
    scene.said.clear()
    scene.house.pbx.hangs_up(other)
    scene.house.pbx.hangs_up(citizen)
    assert scene.house.floor.seats["101"].state == "talking"
    scene.wait(LONELY + 0.1)
    assert scene.said == ["Hangup"] and scene.house.floor.seats["101"].state == "wrapup"


@awaited
async def test_a_seat_whose_citizen_gave_up_on_hold_is_released() -> None:
    scene = Scene()
    citizen, leg = scene.house.talk()
    assert await scene.house.order(Hold(seat="101")) == ""
    scene.house.pbx.hangs_up(citizen)
    scene.wait(LONELY + 0.1)
    assert leg.uniqueid not in scene.house.pbx.channels


@awaited
async def test_a_seat_and_the_supervisor_who_joined_in_are_released_when_the_citizen_left() -> None:
    scene = Scene()
    citizen, _ = scene.house.talk()
    assert await scene.house.order(Barge(seat="101", watcher="900", reason="help")) == ""
    scene.house.pbx.hangs_up(citizen)
    scene.wait(LONELY + 0.1)
    assert not scene.house.pbx.channels
    assert [scene.house.floor.seats[seat].state for seat in ("101", "900")] == ["wrapup", "ready"]


def test_seats_of_another_pbx_that_died_lose_their_citizens(scene: Scene) -> None:
    citizen, leg = scene.house.talk()
    scene.house.hearing.memory.legs[leg.uniqueid].channel = "PJSIP/node-pbx2-1"
    scene.rescue.node_lost("pbx3")
    assert scene.said == []
    scene.rescue.node_lost("pbx2")
    assert waits_again(scene, citizen)


def test_what_is_stopped_rescues_nobody(scene: Scene) -> None:
    citizen, _ = scene.house.talk()
    scene.dies()
    scene.rescue.stop()
    scene.wait(GRACE + 1)
    assert scene.house.hears(citizen) == {"101"} and not scene.clock.getDelayedCalls()


@awaited
async def test_a_seat_in_no_call_has_nobody_to_free(scene: Scene) -> None:
    with pytest.raises(OrderFailed, match="not in a call"):
        await scene.rescue.free("101")
