"""Chaos in small: every part of a site is killed while citizens talk, and nothing is lost, doubled or wrong."""

from pathlib import Path

import pytest

from bench.crash import chaos
from bench.rig.chaos import WEIGHTS
from conf.settings import Settings
from conf.tools import MissingTool, Tools

KILLS, SEED, PATIENCE_MS = len(WEIGHTS), 17, 12_000


@pytest.mark.real
@pytest.mark.journey
def test_a_kill_of_each_part_leaves_the_floor_and_the_books_right(open_folder: Path) -> None:
    try:
        Tools(Settings().tools).sipp()
    except MissingTool:
        pytest.skip("sipp is not installed")
    backs, found = chaos(open_folder, KILLS, SEED, PATIENCE_MS)
    assert {back.name for back in backs} == set(WEIGHTS)
    assert [back.wrong for back in backs if back.wrong] == []
    assert all(back.calls for back in backs), "calls were up at every kill"
    assert found.rows > 10
    assert (found.lost, found.doubled, found.invented, found.open) == ([], [], [], [])
    assert found.cut == [], "a caller was lost though the PBX lived"
    assert found.unlike == [], "an undisturbed twin comes to other rows"
    assert found.differing == [], "the PBX's own books say otherwise"
    assert found.ended_lost > 0, "calls that the PBX took along say so"
