import pytest

from conf.services import Service
from cti.waits import TRY_AGAIN, service_for
from schema.facts import CallOverflowed, WaitTold
from tests.cti.play import Caller, Play
from tests.cti.routingstage import RoutingStage


def waiting(stage: RoutingStage, number: str = "13900000001", **how: str) -> Caller:
    """A caller who comes to a queue."""
    caller = Caller(number)
    stage.play.calls(caller)
    fields = {"Queue": "hotline", "Spoken": "zh", "Level": "0", "Returning": "0", "Number": number, **how}
    stage.play.told(caller, "Queued", **fields)
    stage.settle()
    return caller


def test_a_service_that_is_closed_sends_its_callers_away_at_once(play: Play) -> None:
    shut = {"workdays": "00:00-00:01", "other_days": "00:00-00:01"}
    stage = RoutingStage(
        play, Service("hotline", when_closed="message", **shut),
        Service("a", queue="a", when_closed="voicemail", **shut),
        Service("b", queue="b", when_closed="queue:c", **shut), Service("c", queue="c"),
    )  # fmt: skip
    play.seat()
    for queue, wanted in (
        ("hotline", "send gridline-away,message"),
        ("a", "send gridline-away,voicemail"),
        ("b", "send gridline-overflow,c"),
    ):
        stage.mouth.said.clear()
        waiting(stage, Queue=queue)
        assert stage.said[0] == "put GRIDLINE_REASON=closed"
        assert stage.said[-1] == wanted


def test_who_is_sent_away_is_offered_to_nobody_and_looked_at_again_if_it_fails(play: Play) -> None:
    stage = RoutingStage(play, Service("hotline", max_wait=3))
    waiting(stage)
    stage.wait(3)
    assert stage.said[-1] == "send gridline-away,message"
    play.seat()
    stage.settle()
    assert "gridline-dial" not in stage.said[-1]
    stage.mouth.said.clear()
    stage.wait(int(TRY_AGAIN.total_seconds()))
    assert stage.said[-1] == "send gridline-dial,101"


def test_a_wait_overflows_once(play: Play) -> None:
    stage = RoutingStage(play, Service("hotline", overflow_to="b", overflow_after=5), Service("b", queue="b"))
    caller = waiting(stage)
    stage.wait(4)
    assert stage.said == []
    stage.wait(2)
    assert stage.said == ["put GRIDLINE_REASON=waited", "send gridline-overflow,b"]
    play.told(caller, "Overflowed", Queue="hotline", To="queue:b", Reason="waited")
    play.told(caller, "Queued", Queue="b", Spoken="zh", Level="0", Returning="0", Number="1", Why="overflow")
    stage.wait(10)
    assert len(stage.said) == 2
    assert play.last(CallOverflowed).to == "queue:b"
    assert {name: (f.offered, f.overflowed, f.waiting) for name, f in play.floor.queues.items()} == {
        "hotline": (1, 1, 0), "b": (1, 0, 1),
    }  # fmt: skip
    assert play.floor.right


def test_a_full_queue_gives_a_message_or_offers_a_call_back(play: Play) -> None:
    stage = RoutingStage(
        play, Service("hotline", max_waiting=1), Service("b", queue="b", max_waiting=0, callback_after=-1)
    )
    waiting(stage)
    assert stage.said == []
    waiting(stage, "13900000002")
    assert stage.said == ["send gridline-full,s"]
    waiting(stage, "13900000003", Queue="b")
    assert stage.said[1:] == [
        "put GRIDLINE_REASON=full",
        "put GRIDLINE_AWAY=message",
        "send gridline-away,message",
    ]


def test_place_and_time_are_told_first_and_then_every_so_often(play: Play) -> None:
    stage = RoutingStage(play, tell_first=5, tell_every=10)
    waiting(stage)
    second = waiting(stage, "13900000002")
    stage.wait(4)
    assert stage.said == []
    stage.wait(2)
    told = ["put GRIDLINE_SAY=place:1 seconds:-1", "put GRIDLINE_SAY=place:2 seconds:-1"]
    assert sorted(stage.said) == told
    stage.wait(10)
    assert len(stage.said) == 4
    play.told(second, "WaitTold", Position="2", Seconds="300")
    assert (play.last(WaitTold).position, play.floor.calls[second.call].told) == (2, 300)
    assert play.floor.state.told.figures["told"] == 1


def test_the_time_told_is_how_fast_the_queue_moves(play: Play) -> None:
    stage = RoutingStage(play, tell_first=5)
    waiting(stage)
    for n in range(4):
        served = play.brought(Caller(f"1370000000{n}"), "talking")
        stage.wait(30)
        play.hangs_up(served)
    stage.mouth.said.clear()
    waiting(stage, "13900000002")
    stage.wait(6)
    assert stage.said[-1] == "put GRIDLINE_SAY=place:2 seconds:120"


@pytest.mark.parametrize(("usual", "told"), [(80, 180), (0, -1)])
def test_until_enough_were_answered_a_place_takes_what_the_site_says(
    play: Play, usual: int, told: int
) -> None:
    stage = RoutingStage(play, tell_first=5, usual_place=usual)
    waiting(stage)
    waiting(stage, "13900000002")
    stage.wait(6)
    assert f"put GRIDLINE_SAY=place:2 seconds:{told}" in stage.said


def test_a_call_back_is_offered_once(play: Play) -> None:
    stage = RoutingStage(play, Service("hotline", callback_after=3))
    waiting(stage)
    waiting(stage, "")  # nobody can ring a number that is not shown
    stage.wait(10)
    assert stage.said == ["put GRIDLINE_SAY=offer"]


def test_two_services_of_one_queue_are_told_apart_by_their_skills(play: Play) -> None:
    stage = RoutingStage(play, Service("a", wants="tax:1"), Service("b", wants="pipes:3", priority=2))
    services = stage.routing.services
    assert service_for(services, "hotline", "pipes:3").name == "b"
    assert service_for(services, "hotline", "").name == "a"
    assert service_for(services, "elsewhere", "").max_wait is None
