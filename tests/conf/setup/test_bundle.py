"""The bundled Asterisk: made from the lock, made again when the lock changes, resolved anew when the mirror moved."""

import hashlib
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import bundle, closure, debs, mirror
from conf.setup.closure import Package
from conf.setup.place import Place
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble
from conf.tools import Tools

ENV = {"GRIDLINE_DEBIAN_MIRROR": "http://site.test/debian"}


@pytest.fixture
def tools(place: Place, tmp_path: Path) -> Tools:
    return Tools(place.var, {"PATH": str(tmp_path / "bin")}, sbin=())


@pytest.fixture
def package(tmp_path: Path) -> tuple[Package, Path]:
    """A real .deb of the shape of Debian's asterisk, and where it is."""
    tree = tmp_path / "tree"
    for path, text in {
        "DEBIAN/control": (
            "Package: asterisk\nVersion: 22.1\nArchitecture: all\nMaintainer: a <a@b.test>\nDescription: x\n"
        ),
        "usr/lib/x86_64-linux-gnu/asterisk/modules/app_queue.so": "module",
        "usr/share/asterisk/sounds/en_US_f_Allison/hello.wav": "sound",
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    deb = tmp_path / "asterisk_22.1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, deb], check=True, capture_output=True)
    data = deb.read_bytes()
    return Package(
        hashlib.sha256(data).hexdigest(), len(data), "pool/main/a/asterisk/asterisk_22.1_all.deb"
    ), deb


@pytest.fixture
def helper(
    programs: Callable[..., Path], package: tuple[Package, Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Stands in for apt-helper: serves the one package, says 404 to whatever is named old."""
    script = f"""shift 3
case $1 in *old*) echo '404  Not Found'; exit 100;; esac
cp {package[1]} "$2" """
    file = programs("apt-helper", script) / "apt-helper"
    monkeypatch.setattr(debs, "APT_HELPER", str(file))
    return file


def test_the_bundle_is_made_once_from_the_lock(
    place: Place, step: Step, runner: Runner, tools: Tools, package: tuple[Package, Path], helper: Path
) -> None:
    closure.write(bundle.lock_of(place), [package[0]])
    assert bundle.ensure(place, step, runner, tools, ENV) is True
    made = tools.asterisk()
    assert (made.version, made.bundled) == ("22.1", True)
    assert (made.data / "sounds" / "en" / "hello.wav").read_text() == "sound"
    helper.write_text("#!/bin/sh\nexit 1\n")
    assert bundle.ensure(place, step, runner, tools, ENV) is False


@pytest.mark.usefixtures("helper")
def test_a_changed_lock_makes_it_again(
    place: Place, step: Step, runner: Runner, tools: Tools, package: tuple[Package, Path]
) -> None:
    closure.write(bundle.lock_of(place), [package[0]])
    bundle.ensure(place, step, runner, tools, ENV)
    (place.var / "tools/asterisk/root/stale").write_text("old")
    with bundle.lock_of(place).open("a") as lock:
        lock.write("# another\n")
    assert bundle.ensure(place, step, runner, tools, ENV) is True
    assert not (place.var / "tools/asterisk/root/stale").exists()


@pytest.mark.usefixtures("helper")
def test_a_lock_that_the_mirror_outlived_is_resolved_again_and_said(
    place: Place,
    step: Step,
    runner: Runner,
    tools: Tools,
    package: tuple[Package, Path],
    monkeypatch: pytest.MonkeyPatch,
    out: io.StringIO,
) -> None:
    closure.write(bundle.lock_of(place), [Package("0" * 64, 1, "pool/main/a/asterisk/old_1_all.deb")])
    monkeypatch.setattr(mirror, "resolve", lambda *_: [package[0]])
    assert bundle.ensure(place, step, runner, tools, ENV) is True
    assert tools.asterisk().version == "22.1"
    assert "no longer has what the lock names" in out.getvalue()
    assert "--relock" in out.getvalue()


def test_a_good_system_asterisk_is_used_and_nothing_fetched(
    place: Place, step: Step, runner: Runner, tmp_path: Path
) -> None:
    prefix = tmp_path / "system"
    _system_asterisk(prefix, "22.5.0")
    tools = Tools(place.var, {"PATH": str(prefix / "bin")}, sbin=())
    assert bundle.ensure(place, step, runner, tools, {}) is False
    assert not (place.var / "tools").exists()


def test_a_named_asterisk_that_is_too_old_is_told_in_one_line(
    place: Place, step: Step, runner: Runner, tmp_path: Path
) -> None:
    command = _system_asterisk(tmp_path / "system", "18.2.0")
    env = {"GRIDLINE_ASTERISK": str(command), "PATH": ""}
    with pytest.raises(SetupTrouble, match=r"is Asterisk 18\.2\.0, 20 or newer is needed: unset"):
        bundle.ensure(place, step, runner, Tools(place.var, env, sbin=()), env)


def test_too_little_room_is_told_before_anything_is_fetched(
    place: Place, step: Step, runner: Runner, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "ROOM", 1 << 62)
    with pytest.raises(SetupTrouble, match="the disk is full: make room"):
        bundle.ensure(place, step, runner, tools, ENV)


def _system_asterisk(prefix: Path, version: str) -> Path:
    modules = prefix / "lib" / "asterisk" / "modules"
    modules.mkdir(parents=True)
    for name in (
        "chan_pjsip",
        "app_queue",
        "res_agi",
        "res_pjsip_transport_websocket",
        "app_mixmonitor",
        "app_chanspy",
    ):
        (modules / f"{name}.so").touch()
    command = prefix / "bin" / "asterisk"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\necho Asterisk {version}\n")
    command.chmod(0o755)
    return command
