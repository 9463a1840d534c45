"""The main job, start to end, on real parts: as one process, and as four with PostgreSQL and Redis."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from demo.hops import EVERY_HOP

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first demo leaves the prompts that it spoke, for the second: that takes longer than all the rest."""
    return tmp_path_factory.mktemp("spoken") / "prompts"


@pytest.mark.parametrize("options", [[], ["--split"]], ids=["one-process", "split"])
def test_a_call_becomes_a_case_that_is_closed_and_rated(
    open_folder: Path, spoken: Path, options: list[str]
) -> None:
    prompts = open_folder / "demo" / "prompts"
    if spoken.is_dir():
        shutil.copytree(spoken, prompts)
    done = subprocess.run(
        [sys.executable, "-m", "conf.cli", "demo", "--once", *options],
        env={**os.environ, "GRIDLINE_VAR": str(open_folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    if not spoken.is_dir():
        shutil.copytree(prompts, spoken)
    hops = json.loads((open_folder / "demo" / "timeline.json").read_text("utf-8"))
    assert {UUID(hop["contact_id"]).version for hop in hops} == {7}
    assert len({hop["contact_id"] for hop in hops}) == 1
    names = [hop["hop"] for hop in hops]
    assert set(EVERY_HOP) <= set(names)
    assert names.count("report.received") == names.count("call.ended") == 1
    assert all(hop["ms"] >= 0 for hop in hops)
    assert not _left_behind(open_folder), "processes of the demo are still there"


def _left_behind(folder: Path) -> list[str]:
    """Command lines of processes that still use the demo's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found
