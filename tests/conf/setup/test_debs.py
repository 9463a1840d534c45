"""Package files: fetched once, checked by hash, unpacked without manuals."""

import hashlib
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import debs
from conf.setup.closure import Package
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble

# Stands in for apt-helper: writes the letter x to each file asked for, and notes that it was asked.
HELPER = """echo asked >> "$0.log"
shift 3
while [ $# -gt 0 ]; do printf x > "$2"; shift 3; done"""
WHOLE = Package(hashlib.sha256(b"x").hexdigest(), 1, "pool/main/x/x_1_all.deb")


@pytest.fixture
def helper(programs: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def put(script: str) -> Path:
        file = programs("apt-helper", script) / "apt-helper"
        monkeypatch.setattr(debs, "APT_HELPER", str(file))
        return file

    return put


def test_a_package_is_fetched_once(
    helper: Callable[[str], Path], runner: Runner, step: Step, tmp_path: Path, out: io.StringIO
) -> None:
    asked = helper(HELPER).with_name("apt-helper.log")
    cache = tmp_path / "cache"
    debs.fetch([WHOLE], "http://site", cache, step, runner)
    debs.fetch([WHOLE], "http://site", cache, step, runner)
    assert (cache / WHOLE.file).read_bytes() == b"x"
    assert asked.read_text().count("asked") == 1
    assert [f.name for f in cache.iterdir()] == [WHOLE.file]
    assert "fetching 1 packages" in out.getvalue()


def test_a_damaged_file_in_the_cache_is_fetched_again(
    helper: Callable[[str], Path], runner: Runner, step: Step, tmp_path: Path
) -> None:
    helper(HELPER)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / WHOLE.file).write_bytes(b"y")
    debs.fetch([WHOLE], "http://site", cache, step, runner)
    assert (cache / WHOLE.file).read_bytes() == b"x"


def test_a_file_that_is_not_what_the_lock_says_never_reaches_the_cache(
    helper: Callable[[str], Path], runner: Runner, step: Step, tmp_path: Path
) -> None:
    helper(HELPER)
    other = Package("0" * 64, 1, WHOLE.path)
    with pytest.raises(SetupTrouble, match="not what the lock says"):
        debs.fetch([other], "http://site", tmp_path / "cache", step, runner)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_that_the_mirror_dropped_is_gone(
    helper: Callable[[str], Path], runner: Runner, step: Step, tmp_path: Path
) -> None:
    helper("echo '  404  Not Found [IP: 127.0.0.1 80]'; exit 100")
    with pytest.raises(debs.Gone):
        debs.fetch([WHOLE], "http://site", tmp_path / "cache", step, runner)


def test_a_mirror_that_cannot_be_reached_is_trouble(
    helper: Callable[[str], Path], runner: Runner, step: Step, tmp_path: Path
) -> None:
    helper("echo 'Could not connect to mirror'; exit 100")
    with pytest.raises(SetupTrouble, match="cannot be reached"):
        debs.fetch([WHOLE], "http://site", tmp_path / "cache", step, runner)


def test_a_real_package_is_unpacked_without_its_manuals(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for path, text in {
        "DEBIAN/control": "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: x\n",
        "usr/share/doc/x/readme": "doc",
        "usr/share/x/data": "data",
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    deb = tmp_path / "x_1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, deb], check=True, capture_output=True)
    root = tmp_path / "root"
    root.mkdir()
    debs.unpack(deb, root)
    assert (root / "usr/share/x/data").read_text() == "data"
    assert not (root / "usr/share/doc/x").exists()


def test_a_broken_package_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "x.deb").write_bytes(b"no package")
    with pytest.raises(SetupTrouble, match="cannot be unpacked"):
        debs.unpack(tmp_path / "x.deb", tmp_path)
