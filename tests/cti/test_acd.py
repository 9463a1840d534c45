import inspect
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from twisted.internet.task import Clock

from conf.settings import Acd
from cti import notes
from cti.acd import OBSERVE, REFUSED_WAIT, Router
from cti.floor import Changed
from cti.link import ActionFailed, LinkDown, LinkLost, Mouth
from schema.facts import Fact
from tests.cti.fakemouth import FakeMouth
from tests.cti.play import LI, NOON, Caller, Play


class Stage:
    """A router at a play: facts reach it as the service hands them on."""

    def __init__(self, play: Play) -> None:
        self.play, self.clock, self.mouth = play, Clock(), FakeMouth()
        self.may_act, self.looks = True, 0
        self.router = Router(
            Acd(wrap_up=30), play.floor, self.mouth, clock=self.clock, utc=self.utc, spawn=self.run,
            write=lambda note: self.hand(play.note(note)), may_act=lambda: self.may_act, look=self.look,
        )  # fmt: skip
        hear = play.floor.hear

        def heard(fact: Fact) -> Changed:
            changed = hear(fact)
            self.router.changed(changed)
            return changed

        play.floor.hear = heard  # type: ignore[method-assign]

    def utc(self) -> Any:
        return NOON + timedelta(seconds=self.clock.seconds())

    async def look(self) -> None:
        self.looks += 1

    def run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        with pytest.raises(StopIteration):
            coroutine.send(None)

    def hand(self, facts: list[Fact]) -> None:
        for fact in facts:
            self.router.heard(fact)
        self.router.offer()

    def wait(self, seconds: float) -> None:
        self.play.wait(seconds)
        self.clock.advance(seconds)

    @property
    def rung(self) -> list[tuple[object, object]]:
        return [(a["Channel"], a["Exten"]) for a in self.mouth.of("Redirect")]


@pytest.fixture
def stage(play: Play) -> Stage:
    return Stage(play)


def test_the_fake_mouth_is_like_the_real_one() -> None:
    assert inspect.signature(FakeMouth.action) == inspect.signature(Mouth.action)


def test_a_caller_is_sent_to_the_seat_that_is_ready(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.hand(stage.play.brought(caller, "queue") and [])
    assert stage.rung == [(caller.leg, "101")]


def test_nobody_is_sent_twice_while_nothing_is_observed(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.seat("102", LI)
    stage.play.brought(caller, "queue")
    for _ in range(5):
        stage.router.offer()
    assert len(stage.rung) == 1


def test_a_reserved_seat_is_not_given_to_another(stage: Stage) -> None:
    stage.play.seat()
    stage.play.brought(Caller("1"), "queue")
    stage.router.offer()
    stage.play.brought(Caller("2"), "queue")
    stage.router.offer()
    assert len(stage.rung) == 1


@pytest.mark.parametrize("what", ["rest", "unreachable", "talking", "wrapup", "net"])
def test_a_seat_or_caller_elsewhere_is_left_alone(stage: Stage, caller: Caller, what: str) -> None:
    stage.play.seat()
    if what == "rest":
        stage.play.note(notes.seat_paused("101", "rest"))
    elif what == "unreachable":
        stage.play.registered("101", "Removed")
    elif what in ("talking", "wrapup"):
        other = stage.play.brought(Caller(), "talking")
        if what == "wrapup":
            stage.play.hangs_up(other)
    stage.play.brought(caller, "net" if what == "net" else "queue")
    stage.router.offer()
    assert stage.rung == []


def test_nobody_acts_on_a_floor_that_may_be_wrong(stage: Stage, caller: Caller) -> None:
    stage.may_act = False
    stage.play.seat()
    stage.play.brought(caller, "queue")
    stage.router.offer()
    assert stage.rung == []


def test_a_seat_that_does_not_answer_is_paused_and_the_caller_is_first_for_the_next(
    stage: Stage, caller: Caller
) -> None:
    play = stage.play
    play.seat()
    play.wait(1)
    play.seat("102", LI)
    play.brought(caller, "queue")
    stage.router.offer()
    stage.hand(play.rings(caller))
    stage.hand(play.fails(caller))
    assert (play.floor.seats["101"].state, play.floor.seats["101"].paused) == ("paused", "no answer")
    play.brought(Caller("2"), "queue")
    stage.hand(play.waits(caller, returning=True))
    assert stage.rung == [(caller.leg, "101"), (caller.leg, "102")]


def test_a_caller_who_gives_up_costs_the_seat_nothing(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "queue")
    stage.router.offer()
    stage.hand(stage.play.rings(caller))
    stage.hand(stage.play.hangs_up(caller))
    assert stage.play.floor.seats["101"].state == "ready"
    other = stage.play.brought(Caller("2"), "queue")
    stage.router.offer()
    assert stage.rung[-1] == (other.leg, "101")


@pytest.mark.parametrize("error", [ActionFailed("no such channel"), LinkDown("away")])
def test_an_offer_that_was_refused_frees_the_seat_for_others_at_once(stage: Stage, error: Exception) -> None:
    first, second = Caller("1"), Caller("2")
    stage.play.seat()
    stage.play.brought(first, "queue")
    stage.mouth.reply = lambda action: error
    stage.router.offer()
    del stage.mouth.reply
    stage.mouth.reply = FakeMouth().reply
    stage.play.brought(second, "queue")
    stage.router.offer()
    assert stage.rung == [(first.leg, "101"), (second.leg, "101")]


def test_who_was_refused_is_tried_again_a_moment_later(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "queue")
    stage.mouth.reply = lambda action: ActionFailed("no such channel")
    stage.router.offer()
    stage.mouth.reply = FakeMouth().reply
    stage.router.offer()
    assert len(stage.rung) == 1
    stage.wait(REFUSED_WAIT)
    assert len(stage.rung) == 2


@pytest.mark.parametrize("error", [LinkLost("gone"), TimeoutError("slow"), None])
def test_what_was_not_seen_is_looked_for_before_it_is_asked_again(
    stage: Stage, caller: Caller, error: Exception | None
) -> None:
    stage.play.seat()
    stage.play.brought(caller, "queue")
    if error is not None:
        stage.mouth.reply = lambda action: error
    stage.router.offer()
    stage.router.offer()
    assert (len(stage.rung), stage.looks) == (1, 0)
    stage.wait(OBSERVE)
    assert (len(stage.rung), stage.looks) == (2, 1)


def test_what_the_look_shows_is_not_asked_again(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "queue")
    stage.mouth.reply = lambda action: LinkLost("gone")

    async def look() -> None:
        stage.hand(stage.play.rings(caller))

    stage.router._look = look
    stage.router.offer()
    stage.wait(OBSERVE)
    assert len(stage.rung) == 1


def test_wrap_up_ends_by_the_timer(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    stage.hand([])
    for leg in (caller.legs[0], caller.leg):
        stage.hand(stage.play.over(leg))
    assert stage.play.floor.seats["101"].state == "wrapup"
    stage.wait(29)
    assert stage.play.floor.seats["101"].state == "wrapup"
    stage.wait(1)
    assert stage.play.floor.seats["101"].state == "ready"


def test_a_wrap_up_that_the_agent_ended_is_not_ended_again(stage: Stage) -> None:
    stage.play.seat()
    for number in ("1", "2"):
        talks = stage.play.brought(Caller(number), "talking")
        for leg in (talks.legs[0], talks.leg):
            stage.hand(stage.play.over(leg))
        stage.wait(10)
        if number == "1":
            stage.hand(stage.play.note(notes.wrapped_up("101", "agent")))
    stage.wait(19)  # the first timer would have rung by now
    assert stage.play.floor.seats["101"].state == "wrapup"
    stage.wait(1)
    assert stage.play.floor.seats["101"].state == "ready"


def test_a_softphone_that_comes_and_goes_does_not_keep_a_seat_in_wrap_up(
    stage: Stage, caller: Caller
) -> None:
    stage.play.seat()
    stage.play.brought(caller, "talking")
    for leg in (caller.legs[0], caller.leg):
        stage.hand(stage.play.over(leg))
    stage.wait(10)
    stage.hand(stage.play.registered("101", "Removed"))
    stage.hand(stage.play.registered("101"))
    stage.wait(20)
    assert stage.play.floor.seats["101"].state == "ready"


def test_a_restart_in_the_middle_of_wrap_up_waits_for_the_rest(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.hangs_up(stage.play.brought(caller, "talking"))
    stage.clock.advance(20)  # nobody of ours lived
    stage.router.wraps.watch("101")
    stage.clock.advance(9)
    assert stage.play.floor.seats["101"].state == "wrapup"
    stage.clock.advance(1)
    assert stage.play.floor.seats["101"].state == "ready"


def test_stopped_it_waits_for_nothing(stage: Stage, caller: Caller) -> None:
    stage.play.seat()
    stage.play.brought(caller, "queue")
    stage.router.offer()
    stage.router.stop()
    assert [call for call in stage.clock.getDelayedCalls() if call.active()] == []
