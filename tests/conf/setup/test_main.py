"""Set-up as a person runs it: one line and exit code 1 for each thing that can be wrong. Real programs, no network."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conf.setup import frontend, python_env
from conf.setup.main import check_python, keep_times, main
from conf.setup.place import Place, mark
from conf.setup.trouble import SetupTrouble

ROOT = Path(__file__).resolve().parents[3]
# Port 1 of the loopback refuses every connection.
NOWHERE = {
    "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": "/dev/null",
    "GRIDLINE_DEBIAN_MIRROR": "http://127.0.0.1:1/debian",
}


def test_python_is_checked() -> None:
    check_python((3, 11))
    check_python((3, 13))
    with pytest.raises(SetupTrouble, match=r"this is Python 3\.9, Gridline needs 3\.11 or newer: install"):
        check_python((3, 9))


def test_times_keep_the_last_cold_and_warm(place: Place) -> None:
    keep_times(place, 22.8, cold=True, warm=False)
    keep_times(place, 0.1, cold=False, warm=True)
    keep_times(place, 3.0, cold=False, warm=False)
    times = json.loads((place.state / "times.json").read_text())
    assert times == {"last_s": 3.0, "cold": False, "cold_s": 22.8, "warm_s": 0.1}


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out, err = io.StringIO(), io.StringIO()
    env = {"GRIDLINE_VAR": str(tmp_path / "file" / "var"), "HOME": str(tmp_path)}
    assert main(env=env, out=out, err=err) == 1
    assert err.getvalue().startswith("set-up: ") and err.getvalue().count("\n") == 1


@pytest.mark.real
def test_an_old_python_is_one_line(tmp_path: Path) -> None:
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    old = tmp_path / "python3"
    old.write_text(
        '#!/bin/sh\ncase $2 in *version_info*"(3, 11)"*) exit 1;; *) echo "python3 is Python 3.9";; esac\n'
    )
    old.chmod(0o755)
    line = _refused({"PATH": str(tmp_path)}, clean=True)
    assert line.startswith(
        "set-up: Gridline needs Python 3.11 or newer (python3 is Python 3.9): install python3.11"
    )


@pytest.mark.real
def test_an_unreachable_registry_is_one_line(tmp_path: Path) -> None:
    line = _refused(
        {**NOWHERE, "GRIDLINE_VAR": str(tmp_path / "var"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    )
    assert "the Python package index cannot be reached: check network" in line


@pytest.mark.real
def test_a_wrong_asterisk_is_one_line(tmp_path: Path) -> None:
    old = tmp_path / "asterisk"
    old.write_text("#!/bin/sh\necho Asterisk 18.2.0\n")
    old.chmod(0o755)
    var = _var_with_python(tmp_path)
    line = _refused({"GRIDLINE_ASTERISK": str(old), "GRIDLINE_VAR": str(var)})
    assert "is Asterisk 18.2.0, 20 or newer is needed: unset GRIDLINE_ASTERISK" in line


@pytest.mark.real
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    """On a real full disk: a small tmpfs in a mount namespace of its own, which ends with the command."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=1m tmpfs "{disk}" && exec bin/setup'
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    probe = subprocess.run([*unshare, "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("this machine allows no mount namespace")
    env = {**NOWHERE, "GRIDLINE_VAR": str(disk / "var"), "XDG_CACHE_HOME": str(disk / "cache")}
    line = _refused(env, command=[*unshare, "sh", "-c", script])
    assert "the disk is full: make room, or put var/ elsewhere with VAR=" in line


@pytest.mark.real
def test_a_second_run_does_nothing_and_takes_moments() -> None:
    runs = [
        subprocess.run(["bin/setup"], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
        for _ in range(2)
    ]
    assert [done.returncode for done in runs] == [0, 0], runs
    told = re.search(r"^set-up: nothing to do \(([\d.]+) s\)$", runs[1].stdout, re.MULTILINE)
    assert told and float(told[1]) < 3


def _var_with_python(tmp_path: Path) -> Path:
    """A var folder whose Python and page scripts are said to be done, so that only Asterisk is looked at."""
    var = tmp_path / "var"
    here = Place(ROOT, var, tmp_path / "cache")
    for made in (here.venv / "bin" / "gridline", var / "static" / "vendor" / "jssip.min.js"):
        made.parent.mkdir(parents=True)
        made.touch()
    here.state.mkdir()
    here.keep(python_env.STEP, mark([ROOT / name for name in python_env.PINS], sys.version, str(here.venv)))
    here.keep(frontend.STEP, frontend.mark_of(ROOT))
    return var


def _refused(env: dict[str, str], *, command: list[str] | None = None, clean: bool = False) -> str:
    """Run set-up, which must exit 1; the one line that it leaves on standard error."""
    base = {} if clean else dict(os.environ)
    done = subprocess.run(
        command or [str(ROOT / "bin" / "setup")],
        cwd=ROOT,
        env={**base, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr
