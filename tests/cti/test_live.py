import pytest
from msgspec.structs import replace

from cti.live import Figures, LiveSeat
from tests.cti.play import NOON, WANG

SEAT = LiveSeat("101", WANG, "Wang", NOON, reachable=True, paused="")


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "ready"),
        ({"paused": "rest"}, "paused"),
        ({"busy": "wrapup"}, "wrapup"),
        ({"busy": "wrapup", "paused": "rest"}, "wrapup"),
        ({"busy": "wrapup", "reachable": False}, "unreachable"),
        ({"busy": "talking", "reachable": False}, "talking"),
        ({"busy": "ringing", "paused": "rest"}, "ringing"),
        ({"reachable": False, "paused": "rest"}, "unreachable"),
    ],
)
def test_the_first_state_that_holds_is_shown(changes: dict[str, object], state: str) -> None:
    assert replace(SEAT, **changes).state == state  # type: ignore[arg-type]


def test_a_seat_that_was_just_opened_takes_no_calls() -> None:
    assert LiveSeat("101", WANG, "Wang", NOON, reachable=True).state == "paused"


@pytest.mark.parametrize("name", ["answered", "abandoned", "overflowed", "called_back", "waiting"])
def test_figures_add_up_or_say_so(name: str) -> None:
    figures = Figures(offered=1)
    assert not figures.conserved
    setattr(figures, name, 1)
    assert figures.conserved
