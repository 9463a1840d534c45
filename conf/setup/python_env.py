"""The Python environment under var/venv, from the pinned requirements."""

import re
import shutil
import sys
from pathlib import Path

from conf.setup.place import Place, mark
from conf.setup.run import Runner
from conf.setup.show import Step

STEP = "python"
PINS = ("requirements.txt", "requirements-dev.txt", "constraints.txt", "pyproject.toml")
# What pip prints once for each package that it has taken.
TAKEN = re.compile(r"^(Collecting|Requirement already satisfied:) ")


def ensure(place: Place, step: Step, runner: Runner) -> bool:
    """Make or mend the environment; whether there was anything to do. Raises SetupTrouble."""
    files = [place.root / name for name in PINS]
    now = mark(files, sys.version, str(place.venv))
    command = place.venv / "bin" / "gridline"
    if place.is_current(STEP, now, command):
        return False
    python = place.venv / "bin" / "python"
    if not _is_ours(place.venv):
        shutil.rmtree(place.venv, ignore_errors=True)
        step.say("making the environment …")
        runner([sys.executable, "-m", "venv", place.venv])
    step.say("installing …")
    total = sum(1 for line in files[2].read_text("utf-8").splitlines() if "==" in line)
    taken = 0

    def count(line: str) -> None:
        nonlocal taken
        if TAKEN.match(line):
            taken += 1
            step.progress("installing", min(taken, total), total, "packages")

    # Two retries at least: only then does pip name the connection as the cause.
    quiet = ("--retries=2", "--no-input", "--disable-pip-version-check", "--progress-bar=off")
    pip: list[str | Path] = [python, "-m", "pip", "install", *quiet]
    # A user without a home has no cache of pip's own; then it goes with the rest.
    cache = {"PIP_CACHE_DIR": str(place.cache / "pip")} if place.cache.is_relative_to(place.var) else {}
    runner([*pip, "-r", files[0], "-r", files[1], "-c", files[2]], env=cache, each_line=count)
    # The checkout itself: puts it on the path and makes the command `gridline`.
    runner([*pip, "--quiet", "--no-deps", "--no-build-isolation", "--editable", place.root])
    place.keep(STEP, now)
    step.done(f"{total} packages in {_short(place.venv, place.root)}")
    return True


def _is_ours(venv: Path) -> bool:
    """Whether the environment was made by this very Python and still stands where it was made."""
    settings = venv / "pyvenv.cfg"
    if not settings.is_file() or not (venv / "bin" / "pip").is_file():
        return False
    version = ".".join(str(n) for n in sys.version_info[:3])
    made_here = (venv / "bin" / "pip").read_text("utf-8", "replace").startswith(f"#!{venv}/bin/")
    return made_here and f"version = {version}" in settings.read_text("utf-8")


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
