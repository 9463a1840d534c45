"""What `gridline doctor` looks at on the machine: Python, its packages, programs, folders, clock."""

import ctypes
import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conf.doctor import Check, Finding
from conf.settings import CHECKOUT, Settings
from conf.tools import Asterisk, MissingTool, Postgres, Tools, version_of

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM = 1_000_000_000  # bytes: about a day of recordings of one seat, and the database
NO_ROOM = 100_000_000
# No clock that is right shows a time before this program was written.
EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def python(_settings: Settings) -> Iterator[Finding]:
    """The interpreter that runs this."""
    version = ".".join(str(n) for n in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(
            "Python", "bad", f"{version} is too old", "install Python 3.11 or newer, then `make setup`"
        )
    else:
        yield Finding("Python", "ok", f"{version} at {sys.executable}")


def packages(_settings: Settings, requirements: Path = CHECKOUT / "requirements.txt") -> Iterator[Finding]:
    """The Python packages, against their pins."""
    wrong, count = [], 0
    for name, wanted in re.findall(
        r"^([\w.-]+)(?:\[\w+\])?==(\S+)", requirements.read_text("utf-8"), re.MULTILINE
    ):
        count += 1
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "absent"
        if found != wanted:
            wrong.append(f"{name} {found}, wanted {wanted}")
    if wrong:
        yield Finding("Python packages", "bad", "; ".join(wrong), "run `make setup`")
    else:
        yield Finding("Python packages", "ok", f"{count} as pinned")


def programs(settings: Settings, tools: Tools | None = None) -> Iterator[Finding]:
    """The programs that a site, its demo and its tests start."""
    tools = tools or Tools(settings.tools)
    external = bool(settings.database.url), bool(settings.bus.url)
    yield _program("Asterisk", tools.asterisk, needed=True)
    yield _program("Mosquitto", tools.mosquitto, needed=True, options=("-h",))
    yield _program("mosquitto_passwd", tools.mosquitto_passwd, needed=True, options=())
    yield _program("espeak-ng", tools.espeak_ng, needed=True, options=("--version",))
    yield _program("Chromium", tools.chromium, wanted_for="the demo and the tests", options=("--version",))
    yield _program("baresip", tools.baresip, wanted_for="the demo and the tests", options=("-h",))
    if not external[0]:
        yield _program("PostgreSQL", tools.postgres, wanted_for="`--split` and the tests")
    if not external[1]:
        yield _program(
            "Redis", tools.redis_server, wanted_for="`--split` and the tests", options=("--version",)
        )


def _program(
    name: str,
    find: Callable[[], Path | Asterisk | Postgres],
    *,
    needed: bool = False,
    wanted_for: str = "",
    options: Iterable[str] = (),
) -> Finding:
    try:
        found = find()
    except MissingTool as missing:
        what, _colon, mend = str(missing).partition(": ")
        return Finding(
            name, "bad" if needed else "warn", what + (f" ({wanted_for} want it)" if wanted_for else ""), mend
        )
    if isinstance(found, Asterisk):
        return Finding(name, "ok", f"{found.version} at {found.command}")
    if isinstance(found, Postgres):
        return Finding(name, "ok", f"{found.version} in {found.bin}")
    version = version_of(found, *options) if options else ""
    return Finding(name, "ok", f"{version} at {found}".strip())


def folder(settings: Settings) -> Iterator[Finding]:
    """Where the site keeps everything: writable, and with room."""
    var = settings.var
    standing = next(p for p in (var, *var.parents) if p.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        yield Finding("var", "bad", f"{standing} may not be written", "make it yours, or set GRIDLINE_VAR")
        return
    free = shutil.disk_usage(standing).free
    room = f"{free / 1e9:.1f} GB free at {var}"
    if free < NO_ROOM:
        yield Finding("var", "bad", room, "make room, or set GRIDLINE_VAR to a roomier folder")
    elif free < LITTLE_ROOM:
        yield Finding("var", "warn", room, "make room soon: recordings and photos are kept there")
    else:
        yield Finding("var", "ok", room)
    site = var / "run" / "site.toml"
    if site.is_file() and site.stat().st_mode & 0o077:
        yield Finding("secrets", "bad", f"{site} can be read by others", f"chmod 600 {site}")


def clock(
    settings: Settings,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    synchronised: Callable[[], bool] | None = None,
) -> Iterator[Finding]:
    """Every deadline counts on it."""
    at = now()
    try:
        shown = at.astimezone(ZoneInfo(settings.site.zone))
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            "clock",
            "bad",
            f"the zone {settings.site.zone!r} is unknown",
            "mend GRIDLINE_SITE__ZONE (an IANA name, as Asia/Shanghai)",
        )
        return
    text = f"{shown:%Y-%m-%d %H:%M %Z} ({settings.site.zone})"
    if at < EARLIEST:
        yield Finding(
            "clock", "bad", f"{text} is in the past", "set the machine's clock; deadlines count on it"
        )
    elif not (synchronised or kernel_says_synchronised)():
        yield Finding(
            "clock", "warn", f"{text}, kept by nobody", "run chrony or systemd-timesyncd on this machine"
        )
    else:
        yield Finding("clock", "ok", text)


def kernel_says_synchronised() -> bool:
    """Whether some time service keeps the kernel's clock (adjtimex(2)); True where the kernel does not tell."""
    try:
        ask = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return True
    room = ctypes.create_string_buffer(512)  # struct timex is 208 bytes; modes 0 only reads
    return int(ask(room)) != UNSYNCHRONISED


CHECKS: tuple[Check, ...] = (python, packages, programs, folder, clock)
