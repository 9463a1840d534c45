import inspect
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest
from twisted.internet.task import Clock

from cti.link import ActionFailed, LinkDown, LinkLost
from cti.speaks import Unspeakable
from cti.visits import APPEARS_WITHIN, Visits
from schema.calls import CallRow
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import CallCitizen
from schema.store import Store
from tests.cti.fakemouth import FakeMouth
from tests.cti.loops import awaited
from tests.cti.play import NOON, Caller, Play


class Stage:
    """Visits at a play; `told` is the progress written down."""

    def __init__(self, play: Play, store: Store) -> None:
        self.play, self.store, self.clock, self.mouth = play, store, Clock(), FakeMouth()
        self.told: list[tuple[UUID, str, str]] = []
        self.later: list[Coroutine[Any, Any, Any]] = []
        self.visits = Visits(
            play.hearing, self.mouth, store, caller="12345", clock=self.clock, spawn=self.later.append,
            progress=self.progress, up=self.up,
        )  # fmt: skip
        self.citizen = Caller("13900000009")
        self.order = CallCitizen(
            number=self.citizen.number,
            language="zh",
            case=CaseId(uuid7()),
            contact=ContactId(self.citizen.id),
        )
        self.citizen.call, self.citizen.leg = self.order.call, str(self.order.call)

    async def progress(self, order: UUID, state: str, reason: str) -> None:
        self.told.append((order, state, reason))

    async def up(self) -> None:
        return None

    async def settle(self) -> None:
        for coroutine in self.later:
            await coroutine
        self.later.clear()

    def rings(self) -> None:
        for fact in self.play.told(
            self.citizen, "Entered", Direction="out", Number=self.citizen.number, Purpose="return-visit"
        ):
            self.visits.observed(fact)

    @property
    def states(self) -> list[str]:
        return [state for _, state, _ in self.told]


@pytest.fixture
def stage(play: Play, store: Store) -> Stage:
    return Stage(play, store)


def test_progress_is_awaited() -> None:
    assert inspect.iscoroutinefunction(Stage.progress)


@awaited
async def test_a_citizen_is_called_and_answers(stage: Stage) -> None:
    await stage.visits.call(stage.order)
    (said,) = stage.mouth.of("Originate")
    assert (said["ChannelId"], said["Channel"]) == (str(stage.order.order), "PJSIP/13900000009@carrier")
    stage.rings()
    stage.clock.advance(APPEARS_WITHIN + 1)
    for fact in stage.play.told(stage.citizen, "Visited"):
        stage.visits.observed(fact)
    await stage.settle()
    assert stage.told == [(stage.order.order, "sent", ""), (stage.order.order, "observed", "")]


@awaited
async def test_a_citizen_does_not_answer(stage: Stage) -> None:
    await stage.visits.call(stage.order)
    stage.rings()
    for fact in stage.play.over(stage.citizen.leg, cause=17):
        stage.visits.observed(fact)
    await stage.settle()
    assert stage.told[-1] == (stage.order.order, "failed", "busy")


@awaited
async def test_a_call_that_never_appears_failed(stage: Stage) -> None:
    await stage.visits.call(stage.order)
    stage.clock.advance(APPEARS_WITHIN)
    await stage.settle()
    assert stage.told[-1] == (stage.order.order, "failed", "the PBX placed no call")


@awaited
async def test_an_answer_that_was_lost_is_waited_for_not_asked_again(stage: Stage) -> None:
    stage.mouth.reply = lambda action: LinkLost("gone")
    await stage.visits.call(stage.order)
    stage.rings()
    stage.clock.advance(APPEARS_WITHIN + 1)
    assert len(stage.mouth.said) == 1 and stage.states == ["sent"]


@pytest.mark.parametrize("error", [ActionFailed("no"), LinkDown("away")])
@awaited
async def test_a_refusal_is_the_orders_failure(stage: Stage, error: Exception) -> None:
    stage.mouth.reply = lambda action: error
    with pytest.raises(type(error)):
        await stage.visits.call(stage.order)
    stage.clock.advance(APPEARS_WITHIN + 1)
    await stage.settle()
    assert stage.states == ["sent"]  # who asked writes the failure down


@awaited
async def test_a_number_that_cannot_be_dialled_is_never_said(stage: Stage) -> None:
    bad = CallCitizen(number="12;rm", language="zh", case=CaseId(uuid7()))
    with pytest.raises(Unspeakable):
        await stage.visits.call(bad)
    assert stage.mouth.said == [] and stage.told == []


@awaited
async def test_a_call_that_is_up_is_not_placed_again(stage: Stage) -> None:
    stage.rings()
    await stage.visits.call(stage.order)
    assert stage.mouth.said == []
    for fact in stage.play.told(stage.citizen, "Visited"):
        stage.visits.observed(fact)
    await stage.settle()
    assert stage.states == ["observed"]


@pytest.mark.parametrize(("outcome", "state"), [("answered", "observed"), ("failed", "failed")])
@awaited
async def test_a_call_that_is_over_is_not_placed_again(stage: Stage, outcome: str, state: str) -> None:
    with stage.store.work() as work:
        work.session.add(CallRow(id=stage.order.order, contact=stage.citizen.id, node="pbx1", direction="out",
                                 stage="ringing",
                                 outcome=outcome, cause=19, entered_at=NOON))  # fmt: skip
    await stage.visits.again(stage.order, "sent")
    assert stage.mouth.said == [] and stage.states == [state]


@awaited
async def test_after_a_restart_an_intent_is_carried_out(stage: Stage) -> None:
    stage.visits.resume(stage.order, "intent")
    await stage.settle()
    assert len(stage.mouth.of("Originate")) == 1 and stage.states == ["sent"]


@awaited
async def test_after_a_restart_an_intent_that_is_refused_failed(stage: Stage) -> None:
    stage.mouth.reply = lambda action: ActionFailed("no")
    await stage.visits.again(stage.order, "intent")
    assert stage.told[-1] == (stage.order.order, "failed", "no")


@awaited
async def test_after_a_restart_what_may_have_been_sent_is_not_sent_again(stage: Stage) -> None:
    await stage.visits.again(stage.order, "sent")
    assert stage.mouth.said == []
    assert stage.told == [(stage.order.order, "failed", "it is not known whether the citizen was called")]


@awaited
async def test_other_peoples_calls_are_not_ours(stage: Stage, caller: Caller) -> None:
    for fact in [*stage.play.calls(caller), *stage.play.hangs_up(caller)]:
        stage.visits.observed(fact)
    assert stage.later == []


@awaited
async def test_stopped_it_waits_for_nothing(stage: Stage) -> None:
    await stage.visits.call(stage.order)
    stage.visits.stop()
    assert [call for call in stage.clock.getDelayedCalls() if call.active()] == []
