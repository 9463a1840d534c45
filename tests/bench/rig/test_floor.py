"""Two looks at the PBX and the floor between them: what counts as wrong, and what was merely changing."""

import pytest

from bench.rig.floor import Picture, conserved, differences, shown

TALKS = Picture({"a": "101"}, frozenset({"101"}))
WAITS = Picture({"a": ""}, frozenset())
NOBODY = Picture()


def test_a_floor_like_the_pbx_is_right() -> None:
    assert differences(TALKS, TALKS, TALKS) == []


@pytest.mark.parametrize("floor", [TALKS, WAITS, NOBODY])
def test_what_changed_between_two_looks_is_not_held_against_the_floor(floor: Picture) -> None:
    assert differences(NOBODY, floor, TALKS) == []
    assert differences(TALKS, floor, NOBODY) == []


def test_a_call_that_nobody_has_is_a_phantom() -> None:
    assert differences(NOBODY, TALKS, NOBODY) == ["call a is none", "seat 101 is not in a call"]


def test_a_call_that_is_up_must_be_shown() -> None:
    assert differences(TALKS, NOBODY, TALKS) == ["call a is missing", "seat 101 is in a call"]


def test_a_call_must_be_shown_with_its_seat() -> None:
    elsewhere = Picture({"a": "102"}, frozenset({"101"}))
    assert differences(TALKS, elsewhere, TALKS) == ["call a: seat '102', really '101'"]
    assert differences(TALKS, Picture({"a": ""}, TALKS.busy), TALKS) == ["call a: seat '', really '101'"]


def test_a_shouted_floor_is_read_as_a_screen_would() -> None:
    message = {
        "calls": {"a": {"stage": "talking", "seat": "101"}, "b": {"stage": "queue", "seat": ""}},
        "seats": {"101": {"state": "talking"}, "102": {"state": "ready"}, "103": {"state": "ringing"}},
    }
    assert shown(message) == Picture({"a": "101", "b": ""}, frozenset({"101", "103"}))


def test_figures_that_do_not_add_up_are_a_break() -> None:
    figures = {"offered": 3, "answered": 1, "abandoned": 1, "overflowed": 0, "called_back": 0, "waiting": 1}
    assert conserved(figures)
    assert not conserved({**figures, "waiting": 0})
