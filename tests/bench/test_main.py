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
