"""The programs that come from the distribution: checked one by one, the missing ones installed by apt-get."""

import os
import shutil
from collections.abc import Callable, Sequence
from ctypes import CDLL
from dataclasses import dataclass
from pathlib import Path

from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble
from conf.tools import MissingTool, Tools


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package, the group that wants it (run, demo, test), why, and how to see that it is there.

    `units` are services that the package would start on a real machine and that Gridline does not want. Without
    an `optional` one things look worse or cannot be measured, and still work.
    """

    package: str
    group: str
    why: str
    is_there: Callable[[Tools], object]
    units: tuple[str, ...] = ()
    optional: bool = False


def _file(*paths: str) -> Callable[[Tools], object]:
    def is_there(_tools: Tools) -> object:
        if not any(Path(path).exists() for path in paths):
            raise MissingTool(paths[0])
        return None

    return is_there


def _library(name: str) -> Callable[[Tools], object]:
    def is_there(_tools: Tools) -> object:
        try:
            return CDLL(name)
        except OSError as error:
            raise MissingTool(name) from error

    return is_there


NEEDS = (
    Need("mosquitto", "run", "the broker of the handsets", Tools.mosquitto, ("mosquitto.service",)),
    Need("espeak-ng", "run", "speaks the prompts", Tools.espeak_ng),
    Need("npm", "run", "fetches the pages' scripts", Tools.npm),
    Need("chromium", "demo", "the agent's browser", Tools.chromium),
    Need("baresip", "demo", "the citizen's telephone", Tools.baresip),
    # WeasyPrint loads these three by name.
    Need("libpango-1.0-0", "run", "sets the letters of printed reports", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "run", "finds the fonts of printed reports", _library("libpangoft2-1.0.so.0")),
    Need(
        "libharfbuzz-subset0",
        "run",
        "puts only the letters used into a PDF",
        _library("libharfbuzz-subset.so.0"),
    ),
    Need(
        "fonts-noto-cjk",
        "run",
        "Chinese letters in printed reports and screenshots",
        _file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
        optional=True,
    ),
    Need(
        "fonts-ukij-uyghur",
        "run",
        "Uyghur letters in printed reports and screenshots",
        _file(
            "/usr/share/fonts/truetype/fonts-ukij-uyghur",
            "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
        ),
        optional=True,
    ),
    Need("mosquitto-clients", "test", "a handset that is not ours", Tools.mosquitto_rr),
    Need("sip-tester", "test", "callers in bulk, for `make bench` and chaos", Tools.sipp, optional=True),
    Need("redis-server", "test", "facts between processes", Tools.redis_server, ("redis-server.service",)),
    Need("postgresql", "test", "the database in production", Tools.postgres, ("postgresql.service",)),
)


def ensure(
    step: Step,
    runner: Runner,
    tools: Tools,
    *,
    needs: Sequence[Need] = NEEDS,
    euid: int | None = None,
    systemd: Path = Path("/run/systemd/system"),
) -> bool:
    """Install what is missing; whether there was anything to do. Raises SetupTrouble."""
    missing = [need for need in needs if not _is_there(need, tools)]
    if not missing:
        return False
    names = [need.package for need in missing]
    if tools.which("apt-get") is None:
        raise SetupTrouble(
            "this machine has no apt-get and lacks " + ", ".join(names),
            "install these programs the way your system does, then again",
        )
    try:
        as_root = _as_root(names, os.geteuid() if euid is None else euid, tools, runner)
    except SetupTrouble as trouble:
        if all(need.optional for need in missing):
            step.say(f"going on without {', '.join(names)}; {trouble.mend}")
            return False
        raise
    step.say("installing " + ", ".join(f"{need.package} ({need.why})" for need in missing) + " …")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l"]
    # On a fresh machine the lists are empty or old; a failing third-party source must not stop us.
    runner.try_([*as_root, *quiet, "apt-get", "update", "-q"])

    unpacked = 0

    def count(line: str) -> None:
        nonlocal unpacked
        if line.startswith(("Unpacking ", "Setting up ")):
            unpacked += 1
            step.progress("installing, done", unpacked, 0, "parts")

    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    runner([*as_root, *quiet, *install], each_line=count)
    still = [need.package for need in missing if not _is_there(need, tools)]
    if still:
        raise SetupTrouble(
            f"{', '.join(still)} was installed and still does not work here",
            "on Ubuntu, where chromium is a snap, install Chrome or another Chromium and put it on PATH",
        )
    stopped = _leave_nothing_running(missing, as_root, runner, tools, systemd)
    step.done("installed" + (f"; stopped {', '.join(stopped)}: Gridline starts its own" if stopped else ""))
    return True


def _is_there(need: Need, tools: Tools) -> bool:
    try:
        need.is_there(tools)
    except MissingTool:
        return False
    return True


def _as_root(names: list[str], euid: int, tools: Tools, runner: Runner) -> list[str]:
    """The words that go before a command to run it as root."""
    if euid == 0:
        return []
    if tools.which("sudo") is not None:
        may_without_asking = runner.try_(["sudo", "-n", "true"])[0] == 0
        if may_without_asking or os.isatty(0):
            return ["sudo"]
    raise SetupTrouble(
        "Debian packages are missing and this user may not install them",
        f"as root, run: apt-get install --no-install-recommends {' '.join(names)}",
    )


def _leave_nothing_running(
    installed: list[Need], as_root: list[str], runner: Runner, tools: Tools, systemd: Path
) -> list[str]:
    """Debian's packages start their service at once; end and disable the ones that are there only since now."""
    units = [unit for need in installed for unit in need.units]
    if systemd.is_dir() and shutil.which("systemctl") is not None:
        for unit in units:
            runner.try_([*as_root, "systemctl", "disable", "--now", unit])
        return units
    stopped = []
    for unit in units:
        script = Path("/etc/init.d") / unit.removesuffix(".service")
        if script.exists() and tools.which("invoke-rc.d") is not None:
            code, _said = runner.try_([*as_root, "invoke-rc.d", script.name, "status"])
            if code == 0:
                runner.try_([*as_root, "invoke-rc.d", script.name, "stop"])
                runner.try_([*as_root, "update-rc.d", script.name, "disable"])
                stopped.append(unit)
    return stopped
