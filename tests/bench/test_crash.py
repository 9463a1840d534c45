"""What is broken is told with its seed and kills, and breaks the bench."""

from dataclasses import replace

from bench.crash import Back, broken, stories
from bench.rig.books import Audit

CLEAN = Audit(9, 0, [], [], [], [], [], [], [], 0.0)
KILLS = [Back("bridge", 1_000_000_004.0, 3, 1.0, 1.1, []), Back("Redis", 1_000_000_090.0, 3, 0.1, 0.2, [])]


def test_clean_books_have_no_story() -> None:
    assert stories(5, KILLS, CLEAN) == []


def test_a_story_names_seed_call_and_the_kills_of_its_life() -> None:
    (line,) = stories(5, KILLS, replace(CLEAN, cut=["1000000001.7 abandoned"]))
    assert line == "BROKEN cut: 1000000001.7 abandoned (seed 5; kill 1, bridge, 3.0 s into it)"


def test_a_long_list_is_cut_and_counted() -> None:
    lines = stories(5, [], replace(CLEAN, lost=[f"100000000{n}.1" for n in range(10)]))
    assert len(lines) == 9 and lines[-1] == "BROKEN lost: and 2 more"
    assert lines[0].endswith("(seed 5; no kill near)")


def test_a_figure_that_must_be_nothing_breaks_the_bench() -> None:
    figures = dict.fromkeys(
        ("phantoms", "late", "lost", "doubled", "unlike_twin", "audit_differences", "cut_callers"), 0.0
    )
    assert broken(figures | {"ended_with_pbx": 5}) == []
    assert broken(figures | {"lost": 1}) == ["lost"]
