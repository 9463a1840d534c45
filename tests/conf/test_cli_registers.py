"""`gridline registers import` as the keeper of a site meets it."""

import os
from pathlib import Path

import pytest

from conf.cli import main


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GRIDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDLINE_VAR", str(tmp_path / "var"))


def test_a_register_is_made_filled_and_added_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "井盖.csv"
    file.write_bytes("编号,名称\n1,井盖\n2,路灯\n".encode("gb18030"))
    assert main(["registers", "import", "parts", str(file)]) == 1
    assert main(["registers", "import", "parts", str(file), "--title", "部件"]) == 0
    file.write_text("编号,名称\n2,新路灯\n3,长椅\n3,再来\n")
    assert main(["registers", "import", "parts", str(file), "--merge"]) == 1
    assert main(["registers", "import", "parts", str(file), "--merge", "--leave-out"]) == 0
    assert main(["registers", "import", "parts", str(tmp_path / "none.csv")]) == 1
    said = capsys.readouterr()
    assert said.out == (
        "parts is at version 1: 2 added, 0 changed, 0 removed, 0 left out\n"
        "parts is at version 2: 1 added, 1 changed, 0 removed, 1 left out\n"
    )
    assert "--title makes one" in said.err and f"{file}:4: 编号 key-twice" in said.err
    assert "No such file" in said.err
