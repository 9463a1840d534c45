"""Where other projects' programs are found, and the one line that says how to mend an absent one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conf.tools import NEEDED_MODULES, MissingTool, Tools, asterisk_version, version_of


def program(file: Path, script: str = "exit 0") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)
    return file


def system_asterisk(prefix: Path, version: str, *, lacking: str = "") -> Path:
    modules = prefix / "lib" / "x86_64-linux-gnu" / "asterisk" / "modules"
    modules.mkdir(parents=True)
    for name in NEEDED_MODULES:
        if name != lacking:
            (modules / f"{name}.so").touch()
    (prefix / "share" / "asterisk" / "documentation").mkdir(parents=True)
    return program(prefix / "bin" / "asterisk", f"echo Asterisk {version}")


def bundled_asterisk(var: Path, version: str = "22.10.1") -> Path:
    home = var / "tools" / "asterisk"
    (home / "root/usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    (home / "version").write_text(version + "\n")
    return program(home / "asterisk", f"echo Asterisk {version}")


@pytest.fixture
def tools(tmp_path: Path) -> Callable[..., Tools]:
    def make(path: Path | None = None, **env: str) -> Tools:
        path = path or tmp_path / "nowhere"
        return Tools(
            tmp_path / "var", {"PATH": str(path), **env}, sbin=(), postgres_root=tmp_path / "postgresql"
        )

    return make


def test_a_new_and_whole_system_asterisk_is_used(tools: Callable[..., Tools], tmp_path: Path) -> None:
    bundled_asterisk(tmp_path / "var")
    command = system_asterisk(tmp_path / "usr", "20.6.0~dfsg+~cs6.13")
    found = tools(command.parent).asterisk()
    assert (found.command, found.version, found.bundled) == (command, "20.6.0", False)
    assert (found.modules / "chan_pjsip.so").exists()
    assert found.data == tmp_path / "usr" / "share" / "asterisk"


@pytest.mark.parametrize(("version", "lacking"), [("18.26.2", ""), ("22.1.0", "chan_pjsip")])
def test_the_bundle_stands_in_for_an_old_or_partial_one(
    tools: Callable[..., Tools], tmp_path: Path, version: str, lacking: str
) -> None:
    command = system_asterisk(tmp_path / "usr", version, lacking=lacking)
    bundle = bundled_asterisk(tmp_path / "var")
    found = tools(command.parent).asterisk()
    assert (found.command, found.version, found.bundled) == (bundle, "22.10.1", True)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo Asterisk 18.2.0", r"is Asterisk 18\.2\.0, 20 or newer is needed"),
        ("echo hello", "does not run or is no Asterisk"),
        ("exit 127", "does not run or is no Asterisk"),
        ("echo Asterisk 22.1.0", "lacks one of the modules"),
    ],
)
def test_a_named_asterisk_is_never_silently_replaced(
    tools: Callable[..., Tools], tmp_path: Path, script: str, words: str
) -> None:
    bundled_asterisk(tmp_path / "var")
    named = program(tmp_path / "other" / "bin" / "asterisk", script)
    with pytest.raises(MissingTool, match=words) as caught:
        tools(GRIDLINE_ASTERISK=str(named)).asterisk()
    assert "\n" not in str(caught.value)


def test_a_named_asterisk_that_is_no_program_is_told(tools: Callable[..., Tools], tmp_path: Path) -> None:
    with pytest.raises(MissingTool, match="is no program"):
        tools(GRIDLINE_ASTERISK=str(tmp_path / "absent")).asterisk()


def test_without_any_asterisk_set_up_is_named(tools: Callable[..., Tools]) -> None:
    with pytest.raises(MissingTool, match="run `make setup`"):
        tools().asterisk()


@pytest.mark.parametrize(
    ("find", "package"),
    [
        (Tools.mosquitto, "mosquitto"),
        (Tools.mosquitto_passwd, "mosquitto"),
        (Tools.espeak_ng, "espeak-ng"),
        (Tools.baresip, "baresip"),
        (Tools.sipp, "sip-tester"),
        (Tools.chromium, "chromium"),
        (Tools.redis_server, "redis-server"),
        (Tools.postgres, "postgresql"),
        (Tools.npm, "npm"),
    ],
)
def test_an_absent_program_is_one_line_with_its_package(
    tools: Callable[..., Tools], find: Callable[[Tools], object], package: str
) -> None:
    with pytest.raises(MissingTool, match=f"apt-get install {package}$") as caught:
        find(tools())
    assert "\n" not in str(caught.value)


def test_any_chromium_will_do(tools: Callable[..., Tools], tmp_path: Path) -> None:
    chrome = program(tmp_path / "bin" / "google-chrome")
    assert tools(tmp_path / "bin").chromium() == chrome
    chromium = program(tmp_path / "bin" / "chromium")
    assert tools(tmp_path / "bin").chromium() == chromium


def test_a_script_that_only_asks_for_a_snap_is_no_browser(
    tools: Callable[..., Tools], tmp_path: Path
) -> None:
    program(
        tmp_path / "bin" / "chromium-browser", "echo 'requires the chromium snap to be installed' >&2; exit 1"
    )
    with pytest.raises(MissingTool, match="chromium is not installed"):
        tools(tmp_path / "bin").chromium()


def test_servers_outside_path_are_found(tmp_path: Path) -> None:
    broker = program(tmp_path / "sbin" / "mosquitto")
    found = Tools(tmp_path, {"PATH": "/nowhere"}, sbin=[str(tmp_path / "sbin")]).mosquitto()
    assert found == broker


def test_the_newest_postgresql_is_taken(tools: Callable[..., Tools], tmp_path: Path) -> None:
    for version in ("9.6", "15", "17"):
        for name in ("initdb", "postgres", "pg_ctl"):
            program(
                tmp_path / "postgresql" / version / "bin" / name, f"echo 'postgres (PostgreSQL) {version}.3'"
            )
    found = tools().postgres()
    assert found.bin == tmp_path / "postgresql" / "17" / "bin"
    assert found.version == "17.3"
    assert {found.initdb.name, found.pg_ctl.name, found.postgres.name} == {"initdb", "pg_ctl", "postgres"}


def test_a_client_only_postgresql_does_not_count(tools: Callable[..., Tools], tmp_path: Path) -> None:
    program(tmp_path / "postgresql" / "15" / "bin" / "initdb")
    with pytest.raises(MissingTool):
        tools().postgres()


def test_a_version_is_the_first_dotted_number_told(tmp_path: Path) -> None:
    assert (
        version_of(program(tmp_path / "a", "echo Chromium 156.0.8078 built >&2; exit 3"), "-V")
        == "156.0.8078"
    )
    assert version_of(program(tmp_path / "b", "echo none")) == ""
    assert version_of(tmp_path / "absent") == ""
    assert asterisk_version(program(tmp_path / "c", "echo Asterisk 22.10.1+dfsg")) == "22.10.1"
