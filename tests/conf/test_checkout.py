"""The checkout speaks of itself alone: no registry's host, no machine's folders, nothing that set-up made."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together here, so that this file does not name them itself.
HOSTS = [
    ".".join(parts)
    for parts in (("deb", "debian"), ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
]
FOLDERS = ["/" + "work/", "/root" + "/.", "../" + "shared"]
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".lock", ".html", ".css", ".js", ".conf", ".po", ".sh", ""}


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("words", [*HOSTS, *FOLDERS])
def test_nothing_names_a_registry_or_a_folder_of_one_machine(words: str) -> None:
    found = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if file.suffix in TEXT and words in file.read_text("utf-8", "replace")
    ]
    assert found == []


def test_nothing_that_is_made_is_committed() -> None:
    made = re.compile(r"(^|/)(var|node_modules|__pycache__|\.venv)/|\.(pyc|sqlite|log)$")
    assert [str(f.relative_to(ROOT)) for f in tracked() if made.search(str(f.relative_to(ROOT)))] == []


def test_make_alone_tells_every_target() -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^  make {target} +\S", told, re.MULTILINE), target


def test_scripts_can_be_run() -> None:
    for script in (*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run"):
        if script.is_file():
            assert os.access(script, os.X_OK), script
            assert script.read_text().startswith("#!"), script


def test_demo_passes_its_words_on() -> None:
    told = subprocess.run(
        ["make", "-n", "demo", "ONCE=1", "SPLIT=1", "VAR=/somewhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "/somewhere/venv/bin/gridline demo --once --split" in told.stdout
