import re
from pathlib import Path

import pytest

from schema.rules.stages import STAGES, TABLE, after, first, outcome

DRAWING = Path(__file__).parents[3] / "docs" / "state-machines" / "call.dot"


def test_the_drawing_is_the_table() -> None:
    drawn = re.findall(r'^  (\w+) -> (\w+) \[label="(\w+)"\];$', DRAWING.read_text("utf-8"), re.M)
    assert sorted((a, event, b) for a, b, event in drawn) == sorted(TABLE)


def test_every_stage_is_reached_and_named() -> None:
    assert {s for stage, _, then in TABLE for s in (stage, then)} == set(STAGES)
    assert first("in") == "ivr" and first("out") == "ringing"


@pytest.mark.parametrize("event", ["queued", "offered", "net", "answered", "visited", "settled"])
def test_nothing_leads_out_of_a_rating(event: str) -> None:
    assert after("rating", event) is None


def test_a_conversation_goes_on_by_a_transfer_only() -> None:
    assert [after("talking", event) for event in ("queued", "offered", "net")] == ["queue", "ringing", "net"]
    assert after("talking", "answered") is None and after("talking", "visited") is None


def test_what_is_heard_twice_changes_nothing() -> None:
    assert after("queue", "queued") is None
    assert after("net", "net") is None
    assert after("ringing", "offered") is None


@pytest.mark.parametrize(
    ("direction", "answered", "lost", "expected"),
    [
        ("in", False, False, "abandoned"),
        ("in", True, False, "answered"),
        ("out", False, False, "failed"),
        ("out", True, False, "answered"),
        ("in", True, True, "lost"),
    ],
)
def test_how_a_call_comes_out(direction: str, answered: bool, lost: bool, expected: str) -> None:
    assert outcome(direction, answered, lost) == expected
