"""Recorded journeys, heard again: the same facts, floor and rows as when they were recorded, however often."""

from pathlib import Path

import pytest

from tests.cti.tapes import names, outcome, unpack, wanted
from tests.tapes.record import SCENARIOS


@pytest.mark.parametrize("name", names())
def test_a_recorded_journey_gives_what_it_gave(name: str, tmp_path: Path) -> None:
    found = outcome(unpack(name, tmp_path / "tape"), tmp_path / "a.sqlite")
    must = wanted(name)
    assert found["wrong"] == []
    assert found["summary"] == must["summary"]
    assert found["floor"] == must["floor"]
    for table, rows in must["rows"].items():
        assert found["rows"][table] == rows, table


@pytest.mark.parametrize("name", names())
def test_the_same_tape_gives_the_same_in_pieces_of_any_size(name: str, tmp_path: Path) -> None:
    folder = unpack(name, tmp_path / "tape")
    assert outcome(folder, tmp_path / "a.sqlite", 7) == outcome(folder, tmp_path / "b.sqlite")


def test_every_way_of_a_call_is_among_them() -> None:
    assert {name.partition("-")[0] for name in names()} >= set(SCENARIOS)
