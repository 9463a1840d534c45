"""`python -m bench`: a wrong name is told with the right ones; the last line of a bench is one JSON object."""

import json
import sys
import types

import pytest

from bench.__main__ import main


@pytest.mark.parametrize("words", [[], ["second"], ["first", "again"], ["figures"]])
def test_a_wrong_name_is_told_with_the_right_ones(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err
    assert "name one of: " in told and "first" in told and "figures" not in told and "rig" not in told


def test_the_last_line_is_the_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = types.ModuleType("bench.first")
    quick.run = lambda: {"x_ms": 1.5}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bench.first", quick)
    assert main(["first"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "bench": "first",
        "figures": {"x_ms": 1.5},
    }


def test_figures_that_may_not_be_fail_the_bench_and_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = types.ModuleType("bench.crash")
    wrong.run = lambda: {"lost": 2}  # type: ignore[attr-defined]
    wrong.broken = lambda figures: [name for name in figures if figures[name]]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bench.crash", wrong)
    assert main(["crash"]) == 1
    told = capsys.readouterr()
    assert told.err == "bench: broken: lost\n" and '"lost": 2' in told.out.splitlines()[-1]
