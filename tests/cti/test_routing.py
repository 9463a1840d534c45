from datetime import timedelta
from zoneinfo import ZoneInfo

from cti import notes
from cti.past import Answer, Past
from schema.services import every_day
from tests.cti.play import LI, NOON, WANG, Caller, Play
from tests.cti.routingstage import RoutingStage


def test_what_the_rows_tell_is_known_after_a_start(play: Play) -> None:
    stage = RoutingStage(play)
    answers = tuple(
        Answer("13900000001", "hotline", "102", LI, NOON + timedelta(seconds=30 * n)) for n in range(-5, 0)
    )
    stage.routing.stop()
    stage.routing.start(Past(answers, {"city": every_day(ZoneInfo("UTC"))}))
    play.seat("101", WANG)
    play.wait(5)
    play.seat("102", LI)
    caller = play.brought(Caller("13900000001"), "queue")
    stage.settle()
    assert stage.mouth.of("Redirect") == [{"Action": "Redirect", "Channel": caller.leg, "Context": "gridline-dial",
                                           "Exten": "102", "Priority": "1"}]  # fmt: skip
    assert stage.routing.waits.pace.seconds("hotline", 2, NOON) == 60


def test_a_minimum_that_loosens_is_seen_within_a_second_without_any_event(play: Play) -> None:
    stage = RoutingStage(play, any_language_after=30)
    play.seat()
    play.note(notes.seat_skilled("101", "en:5", "", ""))
    play.brought(Caller(), "queue")  # speaks Chinese
    stage.wait(29)
    assert stage.said == []
    stage.wait(2)
    assert stage.said == ["send gridline-dial,101"]


def test_nothing_is_done_on_a_floor_that_cannot_be_believed(play: Play) -> None:
    stage = RoutingStage(play, tell_first=1)
    play.seat()
    stage.may_act = False
    play.brought(Caller(), "queue")
    stage.wait(10)
    assert stage.said == []
    stage.may_act = True
    stage.wait(1)
    assert stage.said == ["send gridline-dial,101"]
