from datetime import timedelta
from uuid import UUID

import pytest

from conf.services import Service
from cti.callbacks import APPEARS_WITHIN
from cti.link import ActionFailed, LinkLost
from cti.parties import OrderFailed
from schema.facts import (
    CallBackDropped,
    CallBackFailed,
    CallBackKept,
    CallBackPromised,
    CallBackTried,
)
from schema.ids import CallId
from schema.orders import CancelCallBack
from tests.cti.fakemouth import FakeMouth
from tests.cti.play import NOON, Caller, Play
from tests.cti.routingstage import RoutingStage

NUMBER = "13900000001"


def on(play: Play, **terms: object) -> RoutingStage:
    return RoutingStage(
        play, Service("hotline", **{"callback_after": 60, "retry_every": 10, "retries": 2, **terms})
    )  # type: ignore[arg-type]


def promised(stage: RoutingStage, number: str = NUMBER) -> Caller:
    """A caller who asked for a call-back, got the promise, and hung up."""
    caller = Caller(number)
    stage.play.brought(caller, "queue")
    stage.wait(5)
    stage.play.told(caller, "CallBackAsked", Number=number)
    stage.settle()
    assert "put GRIDLINE_PROMISED=1" in stage.said
    stage.play.hangs_up(caller)
    stage.settle()
    return caller


def dialled(stage: RoutingStage) -> list[dict[str, object]]:
    return stage.mouth.of("Originate")


def seat_rings(stage: RoutingStage, seat: str = "101") -> tuple[UUID, UUID]:
    """The seat that was dialled rings; gives call and contact."""
    action = dialled(stage)[-1]
    sets = dict(str(line).split("=", 1) for line in action["Variable"])  # type: ignore[union-attr]
    call, contact = UUID(sets["__GRIDLINE_CALL"]), UUID(sets["__GRIDLINE_CONTACT"])
    stage.play.event(
        Event="DialBegin", DestUniqueid=str(call), DestChannel=f"PJSIP/seat{seat}-1", DialString=f"seat{seat}",
        **{"DestChanVariable(GRIDLINE_CONTACT)": str(contact), "DestChanVariable(GRIDLINE_CALL)": str(call),
           "DestChanVariable(GRIDLINE_WHY)": sets["GRIDLINE_WHY"]},
    )  # fmt: skip
    stage.settle()
    return call, contact


def citizen_rings(stage: RoutingStage, call: UUID) -> None:
    stage.play.event(
        Event="DialBegin",
        Uniqueid=str(call),
        DestUniqueid=f"c.{call}",
        DestChannel="PJSIP/carrier-9",
        DialString=f"{NUMBER}@carrier",
    )


def citizen_says(stage: RoutingStage, call: UUID, status: str) -> None:
    stage.play.event(Event="DialEnd", Uniqueid=str(call), DestUniqueid=f"c.{call}", DialStatus=status)
    if status != "ANSWER":
        stage.play.over(f"c.{call}")
        stage.play.over(str(call))
    stage.settle()


def test_a_promise_keeps_place_and_queue_and_is_counted_as_called_back(play: Play) -> None:
    stage = on(play, expires=100)
    caller = promised(stage)
    fact = play.last(CallBackPromised)
    assert (fact.promise, fact.number, fact.queue, fact.place) == (caller.call, NUMBER, "hotline", NOON)
    assert fact.expires == NOON + timedelta(seconds=105)
    figures = play.floor.queues["hotline"]
    assert (figures.offered, figures.called_back, figures.abandoned) == (1, 1, 0)
    assert play.floor.right


def test_agent_first_the_seat_is_rung_once_and_kept_when_both_talk(play: Play) -> None:
    stage = on(play)
    caller = promised(stage)
    play.seat()
    stage.settle()
    stage.wait(5)
    (action,) = dialled(stage)
    assert (action["Channel"], action["Context"], action["Exten"]) == (
        "PJSIP/seat101", "gridline-callback-number", NUMBER,
    )  # fmt: skip
    call, contact = seat_rings(stage)
    assert (str(call), contact) == (action["ChannelId"], caller.id)
    citizen_rings(stage, call)
    citizen_says(stage, call, "ANSWER")
    assert play.last(CallBackKept).call == call
    assert (play.count(CallBackTried), play.floor.promises) == (1, {})


def test_citizen_first_the_seat_is_kept_while_they_are_rung(play: Play) -> None:
    stage = on(play, callback_order="citizen-first")
    promised(stage)
    play.seat()
    stage.settle()
    (action,) = dialled(stage)
    assert (action["Channel"], action["Context"], action["Exten"]) == (
        f"PJSIP/{NUMBER}@carrier", "gridline-callback-citizen", "101",
    )  # fmt: skip
    play.brought(Caller("13900000002"), "queue")
    stage.settle()
    assert "send gridline-dial,101" not in stage.said


@pytest.mark.parametrize(("status", "reason"), [("BUSY", "busy"), ("NOANSWER", "no answer")])
def test_who_is_not_reached_is_tried_again_later_and_not_for_ever(
    play: Play, status: str, reason: str
) -> None:
    stage = on(play)
    promised(stage)
    play.seat()
    stage.settle()
    for attempt in (1, 2):
        call, _ = seat_rings(stage)
        citizen_rings(stage, call)
        citizen_says(stage, call, status)
        failed = play.last(CallBackFailed)
        assert (play.count(CallBackTried), failed.reason) == (attempt, reason)
        if attempt == 1:
            assert failed.again == play.now + timedelta(seconds=10)
            stage.wait(9)
            assert len(dialled(stage)) == 1
            stage.wait(2)
            assert len(dialled(stage)) == 2
    assert failed.again is None
    assert play.floor.promises == {}


def test_a_seat_that_does_not_answer_is_paused_and_costs_the_citizen_no_try(play: Play) -> None:
    stage = on(play)
    promised(stage)
    play.seat()
    stage.settle()
    call, _ = seat_rings(stage)
    play.over(str(call))
    stage.settle()
    assert play.last(CallBackFailed).reason == "no seat"
    assert play.floor.seats["101"].paused == "no answer"
    (promise,) = play.floor.promises.values()
    assert (promise.state, promise.attempts, promise.returning) == ("promised", 0, True)


def test_who_rings_in_again_gets_the_place_and_is_not_rung(play: Play) -> None:
    stage = on(play)
    promised(stage)
    other = play.brought(Caller("13900000002"), "queue")
    stage.wait(30)
    again = play.brought(Caller(NUMBER), "queue")
    stage.settle()
    dropped = play.last(CallBackDropped)
    assert (dropped.reason, dropped.call) == ("rang again", again.call)
    assert play.floor.calls[again.call].waiting_since == NOON
    play.seat()
    stage.settle()
    assert stage.mouth.of("Redirect")[-1]["Channel"] == again.leg != other.leg
    assert dialled(stage) == []


def test_who_rings_in_while_being_rung_is_not_rung_on(play: Play) -> None:
    stage = on(play)
    promised(stage)
    play.seat()
    stage.settle()
    call, _ = seat_rings(stage)
    play.brought(Caller(NUMBER), "queue")
    stage.settle()
    assert play.last(CallBackDropped).reason == "rang again"
    assert stage.mouth.of("Hangup")[-1]["Channel"] == str(call)


def test_a_promise_runs_out(play: Play) -> None:
    stage = on(play, expires=20)
    promised(stage)
    stage.wait(19)
    assert play.floor.promises
    stage.wait(2)
    assert (play.last(CallBackDropped).reason, play.floor.promises) == ("expired", {})


def test_nothing_is_promised_to_who_is_on_the_way_to_a_seat(play: Play) -> None:
    stage = on(play)
    caller = play.brought(Caller(), "queue")
    play.seat()
    stage.settle()
    play.told(caller, "CallBackAsked", Number=NUMBER)
    stage.settle()
    assert "put GRIDLINE_PROMISED=0" in stage.said
    assert play.count(CallBackPromised) == 0


def test_an_attempt_that_never_left_costs_no_try_and_one_in_doubt_is_not_repeated(play: Play) -> None:
    stage = on(play)
    promised(stage)
    stage.mouth.reply = lambda action: (
        ActionFailed("no") if action["Action"] == "Originate" else FakeMouth().reply(action)
    )
    play.seat()
    stage.settle()
    assert play.last(CallBackFailed).reason == "no seat"
    stage.mouth.reply = lambda action: (
        LinkLost("gone") if action["Action"] == "Originate" else FakeMouth().reply(action)
    )
    stage.wait(3)
    tried = len(dialled(stage))
    stage.wait(int(APPEARS_WITHIN) - 3)
    assert len(dialled(stage)) == tried
    stage.wait(3)
    assert play.last(CallBackFailed).reason == "unreachable"


def test_a_restart_that_finds_an_attempt_follows_it_and_dials_no_second_time(play: Play) -> None:
    stage = on(play)
    promised(stage)
    play.seat()
    stage.settle()
    stage.routing.callbacks._attempts.clear()  # as a new process has it
    stage.wait(2)
    assert len(dialled(stage)) == 1
    call, _ = seat_rings(stage)
    citizen_rings(stage, call)
    citizen_says(stage, call, "ANSWER")
    assert play.last(CallBackKept).call == call


def test_a_promise_is_cancelled_once(play: Play) -> None:
    stage = on(play)
    caller = promised(stage)
    order = CancelCallBack(promise=CallId(caller.call))
    stage.run(stage.routing.callbacks.cancel(order))
    stage.settle()
    assert play.last(CallBackDropped).reason == "cancelled"
    with pytest.raises(OrderFailed):
        stage.routing.callbacks.cancel(order).send(None)


def test_stopped_it_waits_for_nothing(play: Play) -> None:
    stage = on(play)
    promised(stage)
    play.seat()
    stage.settle()
    stage.routing.stop()
    assert [call for call in stage.clock.getDelayedCalls() if call.active()] == []
