"""The handset as a program, away from any network."""

import subprocess
import sys
from pathlib import Path

import pytest

from demo.handset_program import main

CHECKOUT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> int:
    return main(["--device", "hs1", "--port", "1", "--folder", str(folder), "--wait", "0.5", *words])


def test_offline_it_writes_down_and_that_is_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--offline", "report", "路灯坏了", "--at", "120.1,30.2", "--photo") == 0
    assert "written" in capsys.readouterr().out
    assert len(list((tmp_path / "outbox").iterdir())) == len(list((tmp_path / "photos").iterdir())) == 1


def test_without_a_secret_it_says_where_it_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRIDLINE_HANDSET_SECRET", raising=False)
    assert run(tmp_path, "on") == 2
    assert "GRIDLINE_HANDSET_SECRET" in capsys.readouterr().out


def test_help_is_there_under_the_name_people_type() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo.handset", "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python -m demo.handset" in done.stdout and "report" in done.stdout


def test_a_bad_place_is_refused_by_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, "report", "x", "--at", "somewhere")
