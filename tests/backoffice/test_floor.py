"""The mirror of the floor: whole by version, however the messages come."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backoffice.floor import QUIET_AFTER, SILENT_AFTER, FloorMirror

NONSENSE = (b"", b"[]", b"{", b'{"node":"a"}', b'{"node":"a","epoch":1,"v":"x","full":1}', b"\xff")

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


class Play:
    def __init__(self) -> None:
        self.asked = 0
        self.now = 100.0
        self.told: list[dict[str, Any]] = []
        self.mirror = FloorMirror(self.ask, lambda: self.now, lambda: NOON + timedelta(seconds=self.now))
        self.mirror.listeners.append(self.told.append)

    def ask(self) -> None:
        self.asked += 1

    def beat(self, v: int, epoch: str = "e") -> None:
        self.mirror.hear(json.dumps({"node": "pbx1", "epoch": epoch, "v": v, "beat": True}).encode())

    def hear(self, v: int, full: bool = False, epoch: str = "e", **more: Any) -> None:
        self.mirror.hear(json.dumps({"node": "pbx1", "epoch": epoch, "v": v, "full": full, **more}).encode())


@pytest.fixture
def play() -> Play:
    return Play()


def test_a_full_one_then_changes(play: Play) -> None:
    play.hear(
        7,
        True,
        link="up",
        seats={"101": {"state": "ready"}, "102": {"state": "paused"}},
        calls={"c": {"n": 1}},
    )
    play.hear(8, seats={"101": {"state": "ringing"}, "102": None})
    play.hear(9, link="resync", calls={"c": None, "d": {"n": 2}})
    (whole,) = play.mirror.snapshot()
    assert whole["v"] == 9 and whole["full"] and whole["link"] == "resync"
    assert whole["seats"] == {"101": {"state": "ringing"}} and whole["calls"] == {"d": {"n": 2}}
    assert [message["v"] for message in play.told] == [7, 8, 9] and play.asked == 0
    assert play.mirror.seat("101") == {"state": "ringing"} and play.mirror.seat("102") is None


def test_of_a_whole_one_that_follows_only_what_is_new_is_told(play: Play) -> None:
    play.hear(1, True, link="up", seats={"101": {"n": 1}, "102": {}}, calls={"c": {}}, figures={"offered": 1})
    play.hear(2, True, link="up", seats={"101": {"n": 2}, "103": {}}, calls={"c": {}}, figures={"offered": 1})
    assert play.told[-1] == {
        "node": "pbx1", "epoch": "e", "v": 2, "full": False, "link": "up", "calls": {}, "figures": {},
        "seats": {"101": {"n": 2}, "102": None, "103": {}},
    }  # fmt: skip
    (whole,) = play.mirror.snapshot()
    assert (
        whole["full"]
        and whole["seats"] == {"101": {"n": 2}, "103": {}}
        and whole["figures"] == {"offered": 1}
    )
    play.hear(3, figures={}, calls={"c": None})
    play.hear(5, True, seats={"101": {"n": 3}}, calls={}, figures={"offered": 2})
    assert play.told[-1]["full"], "what came between was missed: they need everything"
    assert play.asked == 0


def test_a_missed_change_asks_for_a_full_one_and_is_not_passed_on(play: Play) -> None:
    play.hear(1, True, seats={})
    play.hear(3, seats={"101": {}})
    assert play.asked == 1 and len(play.told) == 1
    play.hear(3, True, seats={"101": {}})
    play.hear(4, seats={"101": None})
    assert play.asked == 1 and [message["v"] for message in play.told] == [1, 3, 4]


def test_a_change_before_the_first_full_one_asks(play: Play) -> None:
    play.hear(5)
    assert play.asked == 1 and play.told == [] and play.mirror.snapshot() == []


def test_what_is_known_already_is_not_told_again(play: Play) -> None:
    play.hear(1, True)
    play.hear(2)
    for v, full in ((2, True), (2, False), (1, False)):
        play.hear(v, full)
    assert [message["v"] for message in play.told] == [1, 2] and play.asked == 0


def test_a_new_epoch_begins_anew(play: Play) -> None:
    play.hear(9, True, seats={"101": {}})
    play.hear(1, epoch="f", seats={})
    assert play.asked == 1
    play.hear(1, True, epoch="f", seats={})
    assert play.mirror.snapshot()[0]["seats"] == {}


def test_two_nodes_are_two_floors(play: Play) -> None:
    play.hear(1, True, seats={"101": {"a": 1}})
    play.mirror.hear(b'{"node":"pbx2","epoch":"x","v":5,"full":true,"seats":{"201":{"b":2}}}')
    assert len(play.mirror.snapshot()) == 2 and play.mirror.seat("201") == {"b": 2}


@pytest.mark.parametrize("payload", NONSENSE)
def test_nonsense_is_left_alone(play: Play, payload: bytes) -> None:
    play.mirror.hear(payload)
    assert play.told == [] and play.mirror.snapshot() == []


def test_the_bridge_is_alive_while_it_speaks_and_its_link_is_up(play: Play) -> None:
    assert not play.mirror.alive
    play.hear(1, True, link="up")
    assert play.mirror.alive
    play.hear(2, link="down")
    assert not play.mirror.alive
    play.hear(3, link="up")
    play.now += QUIET_AFTER
    assert not play.mirror.alive
    play.hear(3, True, link="up")
    assert play.mirror.alive, "the same full one again is a sign of life"


def test_a_beat_changes_nothing_and_shows_what_was_missed(play: Play) -> None:
    play.hear(1, True, link="up")
    play.beat(1)
    assert play.asked == 0 and len(play.told) == 1
    play.beat(3)
    assert play.asked == 1, "versions 2 and 3 were missed"
    play.beat(1, epoch="f")
    assert play.asked == 2, "a new process, of which nothing is known"
    assert len(play.told) == 1 and play.mirror.snapshot()[0]["v"] == 1


def test_a_node_that_beats_no_more_is_silent_at_once_and_says_since_when(play: Play) -> None:
    play.hear(1, True, link="up")
    play.beat(1)
    heard = (NOON + timedelta(seconds=play.now)).isoformat(timespec="seconds")
    play.now += SILENT_AFTER - 0.1
    assert play.mirror.up("pbx1") and play.mirror.nodes() == {
        "pbx1": {"ok": True, "link": "up", "since": None}
    }
    play.now += 0.1
    assert not play.mirror.up("pbx1") and not play.mirror.alive
    assert play.mirror.nodes() == {"pbx1": {"ok": False, "link": "silent", "since": heard}}
    assert SILENT_AFTER < 3, "boards show it within three seconds"
    play.beat(1)
    assert play.mirror.nodes()["pbx1"]["ok"]
    assert not play.mirror.up("pbx9")


def test_a_link_that_is_down_says_since_when(play: Play) -> None:
    play.hear(1, True, link="up")
    play.now += 1
    fell = (NOON + timedelta(seconds=play.now)).isoformat(timespec="seconds")
    play.hear(2, link="down")
    play.now += 1
    play.hear(3, link="resync")
    assert play.mirror.nodes()["pbx1"] == {"ok": False, "link": "resync", "since": fell}
    play.hear(4, link="up")
    assert play.mirror.nodes()["pbx1"] == {"ok": True, "link": "up", "since": None}


def test_a_change_without_figures_leaves_them_as_they_were(play: Play) -> None:
    play.hear(1, True, figures={"offered": 3})
    play.hear(2, figures={}, calls={"c": {"n": 1}})
    assert play.mirror.snapshot()[0]["figures"] == {"offered": 3}
    play.hear(3, figures={"offered": 4})
    assert play.mirror.snapshot()[0]["figures"] == {"offered": 4}
