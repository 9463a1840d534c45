from uuid import UUID

import pytest

from cti import speaks_waits
from cti.speaks import Unspeakable

CALL = UUID(int=5)
SETS = {"__GRIDLINE_CONTACT": "c", "__GRIDLINE_LANGUAGE": "zh", "__GRIDLINE_SKILLS": "pipes:3 tax:1"}


def test_who_is_sent_away_knows_why_before_they_go() -> None:
    actions = speaks_waits.away("17.1", "voicemail", "closed")
    assert [action.get("Variable", action["Action"]) for action in actions] == [
        "GRIDLINE_REASON", "GRIDLINE_AWAY", "Redirect",
    ]  # fmt: skip
    assert [a["Action"] for a in speaks_waits.overflow("17.1", "water", "waited")] == ["Setvar", "Redirect"]


@pytest.mark.parametrize("queue", ["", "Water", "a,b", "a\r\nAction: Logoff", "1"])
def test_no_queue_of_an_odd_name(queue: str) -> None:
    with pytest.raises(Unspeakable):
        speaks_waits.overflow("17.1", queue, "waited")


def test_agent_first_rings_the_seat_with_the_number_to_dial_then() -> None:
    action = speaks_waits.dial_back("agent", CALL, "101", "138", SETS, caller="12345", ring_ms=5)
    assert (action["Channel"], action["ChannelId"], action["Exten"], action["CallerID"]) == (
        "PJSIP/seat101", str(CALL), "138", "138",
    )  # fmt: skip
    assert "GRIDLINE_WHY=call-back:138" in action["Variable"]
    assert "PJSIP_HEADER(add,X-Gridline-Why)=call-back" in action["Variable"]


def test_citizen_first_rings_the_number_with_the_seat_to_go_to() -> None:
    action = speaks_waits.dial_back("citizen", CALL, "101", "138", SETS, caller="12345", ring_ms=5)
    assert (action["Channel"], action["Exten"], action["CallerID"]) == ("PJSIP/138@carrier", "101", "12345")
    assert not any(str(line).startswith("PJSIP_HEADER") for line in action["Variable"])


@pytest.mark.parametrize(
    ("number", "sets"),
    [
        ("13x", SETS),
        ("138", SETS | {"__GRIDLINE_LANGUAGE": "z,h"}),
        ("138", SETS | {"__GRIDLINE_SKILLS": "a,b=c"}),
    ],
)
def test_what_would_do_something_else_is_not_said(number: str, sets: dict[str, str]) -> None:
    with pytest.raises(Unspeakable):
        speaks_waits.dial_back("agent", CALL, "101", number, sets, caller="12345", ring_ms=5)
