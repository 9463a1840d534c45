"""The Python environment: which of its pins count, and when it is made anew."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import python_env
from conf.setup.place import Place
from conf.setup.run import Runner
from conf.setup.show import Step

ROOT = Path(__file__).resolve().parents[3]
# Stands in for an interpreter: `-m venv` lays out an environment whose own python is this again.
PYTHON = r"""echo "$@" >> "$0.log"
if [ "$2" = venv ]; then
  mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; printf '#!%s/bin/python\n' "$3" > "$3/bin/pip"
  echo "version = VERSION" > "$3/pyvenv.cfg"
elif [ "$2" = pip ]; then
  echo 'Collecting a==1'; touch "$(dirname "$0")/gridline"
fi"""


@pytest.fixture
def interpreter(programs: Callable[..., Path], place: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in python_env.PINS:
        (place.root / name).write_text("a==1\n")
    version = ".".join(str(n) for n in sys.version_info[:3])
    file = programs("python3", PYTHON.replace("VERSION", version)) / "python3"
    monkeypatch.setattr(sys, "executable", str(file))
    return file


@pytest.mark.usefixtures("interpreter")
def test_it_is_made_once_and_mended_when_a_pin_changes(place: Place, step: Step, runner: Runner) -> None:
    assert python_env.ensure(place, step, runner) is True
    assert python_env.ensure(place, step, runner) is False
    (place.root / "requirements.txt").write_text("a==2\n")
    assert python_env.ensure(place, step, runner) is True
    made = runner.log.read_text().count("-m venv")
    assert made == 1


@pytest.mark.usefixtures("interpreter")
def test_an_environment_of_another_python_or_place_is_made_anew(
    place: Place, step: Step, runner: Runner
) -> None:
    python_env.ensure(place, step, runner)
    (place.venv / "pyvenv.cfg").write_text("version = 3.9.1\n")
    (place.root / "requirements.txt").write_text("a==2\n")
    python_env.ensure(place, step, runner)
    (place.venv / "bin" / "pip").write_text("#!/moved/away/bin/python\n")
    (place.root / "requirements.txt").write_text("a==3\n")
    python_env.ensure(place, step, runner)
    assert runner.log.read_text().count("-m venv") == 3


@pytest.mark.usefixtures("interpreter")
def test_what_was_installed_is_told(place: Place, step: Step, runner: Runner, out: io.StringIO) -> None:
    python_env.ensure(place, step, runner)
    assert "1 packages in var/venv" in out.getvalue()


def test_every_direct_requirement_is_pinned_to_what_the_constraints_say() -> None:
    pinned = dict(_pins(ROOT / "constraints.txt"))
    for name in ("requirements.txt", "requirements-dev.txt"):
        for package, version in _pins(ROOT / name):
            assert pinned.get(package) == version, package


def test_no_requirement_names_a_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        assert not re.search(r"://|^-", (ROOT / name).read_text(), re.MULTILINE)


def _pins(file: Path) -> list[tuple[str, str]]:
    lines = [line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines()]
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", line) for line in lines if line]
    assert all(found), file
    return [(re.sub(r"[-_.]+", "-", m[1]).lower(), m[2]) for m in found if m]
