"""Chaos in small: every part of a site is killed while citizens talk, and nothing is lost, doubled or wrong."""

from pathlib import Path

import pytest

from bench.crash import RIGHT_WITHIN, chaos

KILLS = 6
SEED = 17
"""With this seed the six are of five kinds: bridge, PBX, database, bus and broker."""


@pytest.mark.real
@pytest.mark.journey
def test_six_kills_leave_the_floor_and_the_books_right(open_folder: Path) -> None:
    backs, found = chaos(open_folder, KILLS, SEED)
    assert [back.wrong for back in backs if back.wrong or back.right > RIGHT_WITHIN] == []
    assert found.rows > 10
    assert (found.lost, found.doubled, found.invented, found.open) == ([], [], [], [])
    assert found.cut == [], "a caller was lost though the PBX lived"
    assert found.unlike == [], "an undisturbed twin comes to other rows"
    assert found.ended_lost > 0, "calls that the PBX took along say so"
