"""A small surge on a real PBX: more callers than may wait all hear music or a message, and are in the records."""

import pytest

from bench.surge import surge
from conf.settings import Settings
from conf.tools import MissingTool, Tools
from tests.real.prompts import lay_prompts

pytestmark = [pytest.mark.real, pytest.mark.journey]


def test_more_callers_than_may_wait_all_hear_music_or_a_message() -> None:
    try:
        Tools(Settings().tools).sipp()
    except MissingTool:
        pytest.skip("sipp is not installed")
    figures = surge(rate=6, seconds=3, waiting=5, patience_ms=15_000, speak=lay_prompts)
    assert (figures["callers"], figures["dropped"], figures["conservation_breaks"]) == (18, 0, 0)
    assert figures["message"] >= 8 and figures["music"] >= 5 and figures["left_in_menu"] == 0
