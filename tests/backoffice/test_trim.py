"""What of the floor each post sees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backoffice.trim import trim_floor
from schema.desk.sessions import Visitor
from schema.ids import uuid7
from schema.rules.access import bare


def who(post: str, seat: str | None = None) -> Visitor:
    return Visitor(
        uuid7(), post, post, post, "zh", seat, "csrf", "hash", datetime(2026, 1, 1, tzinfo=UTC), bare(post)
    )


FULL: dict[str, Any] = {
    "node": "pbx1", "v": 1, "full": True, "figures": {"waiting": 1},
    "seats": {
        "101": {"seat": "101", "state": "talking", "number": "138", "call": "a", "contact": "a"},
        "102": {"seat": "102", "state": "talking", "number": "139", "call": "b", "contact": "b"},
    },
    "calls": {
        "a": {"call": "a", "stage": "talking", "seat": "101", "number": "138"},
        "b": {"call": "b", "stage": "talking", "seat": "102", "number": "139"},
        "c": {"call": "c", "stage": "queue", "seat": "", "number": "137"},
    },
}  # fmt: skip


def test_a_supervisor_sees_all() -> None:
    assert trim_floor(FULL, who("supervisor", "100")) == FULL


def test_an_agent_sees_the_own_call_and_who_waits_and_of_others_the_state() -> None:
    cut = trim_floor(FULL, who("agent", "101"))
    assert cut is not None
    assert set(cut["calls"]) == {"a", "c"}
    assert cut["seats"]["101"]["number"] == "138"
    assert cut["seats"]["102"] == {
        "seat": "102",
        "state": "talking",
        "number": None,
        "call": None,
        "contact": None,
        "consult": None,
    }
    assert FULL["seats"]["102"]["number"] == "139", "the mirror's own message stays as it is"


def test_a_call_that_leaves_the_sight_of_an_agent_is_gone() -> None:
    taken = {"stage": "talking", "seat": "102"}
    delta = {"v": 2, "full": False, "calls": {"c": taken, "b": None}, "seats": {"102": None}}
    assert trim_floor(delta, who("agent", "101")) == {**delta, "calls": {"c": None, "b": None}}


def test_an_admin_sees_no_caller() -> None:
    cut = trim_floor(FULL, who("admin"))
    assert (
        cut is not None and cut["calls"] == {} and "138" not in str(cut) and cut["figures"] == {"waiting": 1}
    )


@pytest.mark.parametrize("post", ["worker", "expert", "clerk", "nobody"])
def test_others_see_nothing(post: str) -> None:
    assert trim_floor(FULL, who(post)) is None


WATCHED: dict[str, Any] = {
    "full": True,
    "seats": {
        seat: {"seat": seat, "consult": {"target": "number:139"}, "watchers": [
            {"watcher": "900", "mode": "listen"}, {"watcher": "901", "mode": "whisper"},
        ]}
        for seat in ("101", "102")
    },
}  # fmt: skip


@pytest.mark.parametrize("told", [{"whisper"}, {"listen", "whisper"}, set()])
def test_an_agent_knows_of_who_listens_in_what_the_site_allows(told: set[str]) -> None:
    cut = trim_floor(WATCHED, who("agent", "101"), lambda mode: mode in told)
    assert cut is not None
    assert {one["mode"] for one in cut["seats"]["101"]["watchers"]} == told
    assert cut["seats"]["102"]["watchers"] == [], "a colleague's is nobody's business"
    assert cut["seats"]["102"]["consult"] is None and cut["seats"]["101"]["consult"]
    assert len(WATCHED["seats"]["101"]["watchers"]) == 2


def test_a_supervisor_and_an_admin_see_who_listens_in() -> None:
    for post in ("supervisor", "admin"):
        cut = trim_floor(WATCHED, who(post), lambda _mode: False)
        assert cut is not None and len(cut["seats"]["101"]["watchers"]) == 2
