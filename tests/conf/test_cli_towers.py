"""`gridline towers import` as the keeper of a site meets it."""

import gzip
import os
from pathlib import Path

import pytest

from conf.cli import main
from conf.settings import Settings
from schema.desk.towers import towers_known
from schema.store import Store

LINES = """\
LTE,460,0,22547,81927937,0,120.159,30.267,1312,57,1,1459692342,1488347104,-97
GSM,460,0,22548,9,0,116.3,39.9,1312,57,1,1459692342,1488347104,0
GSM,250,1,1,9,0,37.6,55.7,1312,57,1,1459692342,1488347104,0
GSM,250,1,1,x,0,37.6,55.7,1312,57,1,1459692342,1488347104,0
"""


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GRIDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDLINE_VAR", str(tmp_path / "var"))


def test_cells_of_the_city_are_taken_over_and_bad_lines_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cells.csv.gz"
    file.write_bytes(gzip.compress(LINES.encode()))
    assert main(["towers", "import", str(file), "--mcc", "460", "--box", "119,29,121,31"]) == 0
    said = capsys.readouterr()
    assert said.out == "4 lines read, 1 cells added or changed, 1 lines refused; 1 cells are known\n"
    assert said.err.startswith(f"{file}:4: invalid literal")
    plain = tmp_path / "cells.csv"
    plain.write_text(LINES)
    assert main(["towers", "import", str(plain)]) == 0
    store = Store(Settings(var=tmp_path / "var").database_url)
    with store.read() as session:
        assert towers_known(session) == 3
    store.close()


def test_what_is_no_such_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["towers", "import", str(tmp_path / "none.csv")]) == 1
    file = tmp_path / "not.csv.gz"
    file.write_text("radio")
    assert main(["towers", "import", str(file)]) == 1
    assert main(["towers", "import", str(file), "--box", "1,2"]) == 1
    said = capsys.readouterr().err
    assert "No such file" in said and "gzip" in said and "--box" in said
