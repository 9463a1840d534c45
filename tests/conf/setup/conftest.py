"""A checkout of a few files, programs that are shell scripts, and set-up's steps over them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup.place import Place
from conf.setup.run import Runner
from conf.setup.show import Show, Step


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "checkout", tmp_path / "checkout" / "var", tmp_path / "cache")
    for folder in (made.root / "conf" / "setup", made.state, made.cache):
        folder.mkdir(parents=True)
    return made


@pytest.fixture
def programs(tmp_path: Path) -> Callable[..., Path]:
    """`programs(name, script)` puts a shell script on the PATH that `runner` uses; the folder is returned."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def add(name: str, script: str = "exit 0") -> Path:
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)
        return folder

    return add


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    return Runner("The step", "the registry", tmp_path / "step.log", env)


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def step(out: io.StringIO) -> Step:
    return Show(out, 1, clock=lambda: 0.0).step("The step")
