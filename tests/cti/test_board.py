from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from twisted.internet.task import Clock

from cti import notes
from cti.board import Board, Shouter
from tests.cti.play import Caller, Play


class Stage:
    """A shouter on a clock that stands."""

    def __init__(self, play: Play) -> None:
        self.clock = Clock()
        self.link = "up"
        self.said: list[dict[str, Any]] = []
        self.beats: list[dict[str, Any]] = []
        board = Board("pbx1", "e1")
        self.shouter = Shouter(
            board, self.hear, lambda: (play.floor, self.link), self.clock,
            lambda: datetime(2026, 3, 4, tzinfo=UTC),
        )  # fmt: skip

    def hear(self, message: bytes) -> None:
        told = msgspec.json.decode(message)
        (self.beats if told.get("beat") else self.said).append(told)


@pytest.fixture
def stage(play: Play) -> Stage:
    return Stage(play)


def test_a_full_picture_has_everything(play: Play, stage: Stage, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    stage.shouter.full()
    (told,) = stage.said
    assert (told["node"], told["epoch"], told["v"], told["full"], told["link"]) == (
        "pbx1",
        "e1",
        1,
        True,
        "up",
    )
    assert told["seats"]["101"].items() >= {
        "seat": "101", "user": str(play.floor.seats["101"].user), "name": "Wang", "state": "talking",
        "since": play.now.isoformat(), "reason": "", "number": caller.number, "call": str(caller.call),
        "contact": str(caller.id), "language": "zh",
        "citizen": "talking", "consult": None, "watchers": [],
    }.items()  # fmt: skip
    shown = told["calls"][str(caller.call)]
    assert (shown["stage"], shown["queue"], shown["seat"], shown["number"]) == (
        "talking",
        "hotline",
        "101",
        caller.number,
    )
    counted = {
        "offered": 1, "answered": 1, "abandoned": 0, "overflowed": 0, "called_back": 0, "waiting": 0,
    }  # fmt: skip
    promises = {"told": 0, "mae_s": -1, "bias_s": 0, "gave_up_late": 0, "within_half": -1}
    assert told["figures"] == {
        **counted, "conserved": True, "queues": {"hotline": counted}, "promises": promises, "callbacks": 0,
    }  # fmt: skip


def test_the_first_change_is_shown_at_once_and_the_next_are_gathered(
    play: Play, stage: Stage, caller: Caller
) -> None:
    stage.shouter.full()
    stage.clock.advance(1)
    play.seat()
    stage.shouter.changed()
    assert [set(m["seats"]) for m in stage.said[1:]] == [{"101"}]
    for _ in range(20):
        play.brought(Caller(), "queue")
        stage.shouter.changed()
    assert len(stage.said) == 2
    stage.clock.advance(0.2)
    assert len(stage.said) == 3 and len(stage.said[2]["calls"]) == 20
    assert stage.said[2]["seats"] == {}
    assert [m["v"] for m in stage.said] == [1, 2, 3]


def test_what_is_gone_is_shown_as_nothing(play: Play, stage: Stage, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "queue")
    stage.shouter.full()
    play.hangs_up(caller)
    play.note(notes.seat_closed("101"))
    stage.clock.advance(1)
    stage.shouter.changed()
    assert stage.said[1]["calls"] == {str(caller.call): None}
    assert stage.said[1]["seats"] == {"101": None}
    assert stage.said[1]["figures"]["abandoned"] == 1


def test_nothing_changed_says_nothing_but_a_link_does(stage: Stage) -> None:
    stage.shouter.full()
    stage.clock.advance(1)
    stage.shouter.changed()
    assert len(stage.said) == 1
    stage.link = "down"
    stage.shouter.changed()
    assert (stage.said[1]["link"], stage.said[1]["full"]) == ("down", False)


def test_a_full_picture_comes_every_ten_seconds_until_stopped(stage: Stage) -> None:
    stage.shouter.full()
    stage.clock.advance(10)
    stage.clock.advance(10)
    assert [m["full"] for m in stage.said] == [True, True, True]
    stage.shouter.changed()
    stage.shouter.stop()
    stage.clock.advance(100)
    assert len(stage.said) == 3
    assert stage.clock.getDelayedCalls() == []


def test_a_paused_or_unreachable_seat_says_why(play: Play, stage: Stage) -> None:
    play.seat()
    play.note(notes.seat_paused("101", "no answer"))
    stage.shouter.full()
    play.registered("101", "Removed")
    stage.shouter.full()
    assert [(m["seats"]["101"]["state"], m["seats"]["101"]["reason"]) for m in stage.said] == [
        ("paused", "no answer"), ("unreachable", "no answer"),
    ]  # fmt: skip


def test_a_second_without_a_word_has_a_beat_that_names_the_version(play: Play, stage: Stage) -> None:
    stage.shouter.full()
    stage.clock.advance(0.9)
    assert stage.beats == []
    stage.clock.advance(0.1)
    stage.clock.advance(1)
    assert [(beat["node"], beat["epoch"], beat["v"]) for beat in stage.beats] == [("pbx1", "e1", 1)] * 2
    play.seat()
    stage.clock.advance(0.5)
    stage.shouter.changed()
    stage.clock.advance(0.6)
    assert len(stage.beats) == 2, "a message is as good as a beat"
    stage.clock.advance(0.4)
    assert stage.beats[-1]["v"] == stage.said[-1]["v"] == 2
    assert len(stage.said) == 2


def test_whether_the_floor_is_to_be_believed_waits_for_nothing(play: Play, stage: Stage) -> None:
    stage.shouter.full()
    play.seat()
    stage.shouter.changed()
    assert len(stage.said) == 1, "a moment after the last"
    stage.link = "down"
    stage.shouter.at_once()
    assert len(stage.said) == 2 and (stage.said[1]["link"], set(stage.said[1]["seats"])) == ("down", {"101"})
    stage.clock.advance(0.2)
    assert len(stage.said) == 2, "what was due is told already"
    stage.shouter.stop()
    stage.shouter.at_once()
