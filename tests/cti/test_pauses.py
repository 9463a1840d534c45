"""A pause that nobody ends ends by itself, once, and says so; an order or the end of the call comes before it."""

from collections.abc import Coroutine
from typing import Any

import pytest
from twisted.internet.task import Clock

from cti.link import LinkDown
from cti.pauses import AGAIN, Pauses
from schema.facts import Fact, RecordingResumed
from schema.orders import PauseRecording, ResumeRecording
from tests.cti.loops import awaited
from tests.cti.modelhouse import House

PAUSE, RESUME = PauseRecording(seat="101"), ResumeRecording(seat="101")


class Scene:
    """A house where a pause lasts `longest` seconds; `wait` lets its clock run."""

    def __init__(self, longest: float = 60.0) -> None:
        self.house, self.clock = House(), Clock()
        self.pauses = self.fresh(longest)
        self.house.control.observed = self.heard  # type: ignore[method-assign]

    def fresh(self, longest: float = 60.0) -> Pauses:
        return Pauses(
            self.house.hearing, self.house.pbx, longest, clock=self.clock, utc=lambda: self.house.now,
            write=self.house.note, spawn=self.spawn,
        )  # fmt: skip

    def heard(self, fact: Fact) -> None:
        self.house.control.expected.observed(fact)
        self.pauses.observed(fact)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """What is done at once needs no loop."""
        with pytest.raises(StopIteration):
            work.send(None)

    def wait(self, seconds: float) -> None:
        self.house.wait(seconds)
        self.clock.advance(seconds)

    @property
    def ends(self) -> list[bool]:
        return [fact.by_itself for fact in self.house.facts if isinstance(fact, RecordingResumed)]


@awaited
async def test_it_ends_by_itself_after_its_time_and_the_next_one_by_order() -> None:
    scene = Scene()
    scene.house.talk()
    assert await scene.house.order(PAUSE) == ""
    since = scene.house.floor.seats["101"].unrecorded_at
    assert since == scene.house.now
    scene.wait(59)
    assert scene.ends == []
    scene.wait(1)
    assert scene.ends == [True] and not scene.house.floor.seats["101"].unrecorded
    assert await scene.house.order(PAUSE) == ""
    scene.wait(30)
    assert await scene.house.order(RESUME) == ""
    scene.wait(600)
    assert scene.ends == [True, False] and scene.house.floor.seats["101"].unrecorded_at is None


@awaited
async def test_without_a_limit_or_without_the_call_nothing_comes() -> None:
    scene = Scene(0)
    scene.house.talk()
    assert await scene.house.order(PAUSE) == ""
    scene.wait(100_000)
    assert scene.ends == [] and scene.house.floor.seats["101"].unrecorded
    scene = Scene()
    _, leg = scene.house.talk()
    assert await scene.house.order(PAUSE) == ""
    scene.house.pbx.hangs_up(leg)
    scene.wait(100)
    assert scene.ends == [] and scene.clock.getDelayedCalls() == []


@awaited
async def test_a_restart_takes_up_what_is_left_of_a_pause() -> None:
    scene = Scene()
    scene.house.talk()
    assert await scene.house.order(PAUSE) == ""
    scene.wait(40)
    scene.pauses.stop()
    assert scene.clock.getDelayedCalls() == []
    scene.pauses = scene.fresh()
    scene.pauses.start()
    scene.wait(19)
    assert scene.ends == []
    scene.wait(1)
    assert scene.ends == [True]


@awaited
async def test_a_pbx_that_cannot_be_told_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.house.talk()
    assert await scene.house.order(PAUSE) == ""

    async def away(_action: Any, timeout: float = 5.0) -> Any:
        raise LinkDown("away")

    with monkeypatch.context() as cut:
        cut.setattr(scene.house.pbx, "action", away)
        scene.wait(60)
    assert scene.ends == []
    scene.wait(AGAIN)
    assert scene.ends == [True]
