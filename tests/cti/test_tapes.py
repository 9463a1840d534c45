"""Recorded journeys of waiting and call-backs, heard again: the same facts, and figures that always add up."""

from pathlib import Path

import pytest

from tests.cti.tapes import hear_again, summary, unpack, wanted


@pytest.mark.parametrize("name", ["waits", "callbacks"])
def test_a_recorded_journey_gives_what_it_gave(name: str, tmp_path: Path) -> None:
    unpack(name, tmp_path)
    facts, floor, wrong = hear_again(tmp_path)
    assert wrong == []
    assert summary(facts, floor) == wanted(name)
    assert floor.calls == {}


@pytest.mark.parametrize("name", ["waits", "callbacks"])
def test_the_same_tape_gives_the_same_facts_each_time(name: str, tmp_path: Path) -> None:
    unpack(name, tmp_path)
    assert hear_again(tmp_path)[0] == hear_again(tmp_path)[0]
