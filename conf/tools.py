"""The programs of other projects that Gridline starts: where they are, which version, what to do when absent.

Nothing here imports more than the standard library, so set-up can use it before any package is installed.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST_ASTERISK = 20
NEEDED_MODULES = (
    "chan_pjsip",
    "app_queue",
    "res_agi",
    "res_pjsip_transport_websocket",
    "app_mixmonitor",
    "app_chanspy",
)
SNAP_STUB = b"chromium snap to be installed"
# Debian keeps servers out of an ordinary user's PATH.
SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")


class MissingTool(Exception):
    """A program is not there or too old; the text is one line that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Asterisk:
    """An Asterisk that can be started: `command` takes Asterisk's own options.

    `modules` is its astmoddir, `data` its astdatadir (sounds, documentation), `bundled` whether it is the one
    that set-up unpacked under ``var/tools``.
    """

    command: Path
    version: str
    modules: Path
    data: Path
    bundled: bool


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server installation: the folder of its programs, and its version."""

    bin: Path
    version: str

    @property
    def initdb(self) -> Path:
        """Makes a new cluster."""
        return self.bin / "initdb"

    @property
    def pg_ctl(self) -> Path:
        """Starts and stops a cluster."""
        return self.bin / "pg_ctl"

    @property
    def postgres(self) -> Path:
        """The server itself; refuses to run as root."""
        return self.bin / "postgres"


class Tools:
    """Finds programs for one checkout. `var` holds the bundle, `env` gives PATH and GRIDLINE_ASTERISK."""

    def __init__(
        self,
        var: Path,
        env: Mapping[str, str] = os.environ,
        *,
        sbin: Iterable[str] = SBIN,
        postgres_root: Path = Path("/usr/lib/postgresql"),
    ) -> None:
        self._var = var
        self._env = env
        self._path = os.pathsep.join([env.get("PATH", os.defpath), *sbin])
        self._postgres_root = postgres_root

    def which(self, *names: str) -> Path | None:
        """The first of `names` found on PATH or where Debian puts servers."""
        for name in names:
            if found := shutil.which(name, path=self._path):
                return Path(found)
        return None

    def asterisk(self) -> Asterisk:
        """GRIDLINE_ASTERISK if named, else the system's if it is new and whole enough, else the bundle."""
        if named := self._env.get("GRIDLINE_ASTERISK"):
            return self._system_asterisk(Path(named))
        if system := self.which("asterisk"):
            try:
                return self._system_asterisk(system)
            except MissingTool:
                pass  # the bundle stands in for an old or partial one
        return self.bundled_asterisk()

    def bundled_asterisk(self) -> Asterisk:
        """The Asterisk that set-up unpacked."""
        home = self._var / "tools" / "asterisk"
        command, root = home / "asterisk", home / "root"
        modules = next(root.glob("usr/lib/*/asterisk/modules"), None)
        if not os.access(command, os.X_OK) or modules is None:
            raise MissingTool(
                f"no Asterisk ≥ {OLDEST_ASTERISK} on this machine and none in {home}: run `make setup`"
            )
        version = home / "version"
        text = version.read_text("utf-8").strip() if version.is_file() else asterisk_version(command)
        return Asterisk(command, text, modules, root / "usr/share/asterisk", bundled=True)

    def _system_asterisk(self, command: Path) -> Asterisk:
        if not os.access(command, os.X_OK):
            raise MissingTool(f"{command} (GRIDLINE_ASTERISK) is no program: name another or unset it")
        version = asterisk_version(command)
        if int(version.split(".")[0]) < OLDEST_ASTERISK:
            raise MissingTool(
                f"{command} is Asterisk {version}, {OLDEST_ASTERISK} or newer is needed: "
                "unset GRIDLINE_ASTERISK and run `make setup`"
            )
        prefix = command.resolve().parent.parent
        folders = [
            prefix / "lib/asterisk/modules",
            prefix / "lib64/asterisk/modules",
            *prefix.glob("lib/*/asterisk/modules"),
        ]
        whole = (m for m in folders if all((m / f"{name}.so").exists() for name in NEEDED_MODULES))
        modules = next(whole, None)
        if modules is None:
            raise MissingTool(
                f"{command} lacks one of the modules {', '.join(NEEDED_MODULES)}: install them, "
                "or unset GRIDLINE_ASTERISK and run `make setup`"
            )
        data = (prefix / "share/asterisk", prefix.parent / "var/lib/asterisk", Path("/var/lib/asterisk"))
        found = next((d for d in data if (d / "documentation").is_dir()), data[0])
        return Asterisk(command, version, modules, found, bundled=False)

    def mosquitto(self) -> Path:
        """The MQTT broker."""
        return self._need("mosquitto", "mosquitto")

    def mosquitto_passwd(self) -> Path:
        """Hashes the broker's passwords."""
        return self._need("mosquitto", "mosquitto_passwd")

    def mosquitto_rr(self) -> Path:
        """Asks and answers over MQTT: a client that is not ours, for the tests."""
        return self._need("mosquitto-clients", "mosquitto_rr")

    def espeak_ng(self) -> Path:
        """Speaks the prompts into files."""
        return self._need("espeak-ng", "espeak-ng")

    def baresip(self) -> Path:
        """The SIP phone of the demo's citizens."""
        return self._need("baresip", "baresip")

    def sipp(self) -> Path:
        """Dials and answers in bulk, for the benches."""
        return self._need("sip-tester", "sipp")

    def chromium(self) -> Path:
        """The browser that the demo and the tests drive; Ubuntu's script that only asks for a snap does not count."""
        names = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
        for found in filter(None, map(self.which, names)):
            with found.open("rb") as program:
                if SNAP_STUB not in program.read(4096):
                    return found
        raise MissingTool("chromium is not installed: apt-get install chromium")

    def redis_server(self) -> Path:
        """The stream server that carries facts between processes."""
        return self._need("redis-server", "redis-server", "valkey-server")

    def npm(self) -> Path:
        """Fetches the front-end packages at set-up."""
        return self._need("npm", "npm")

    def node(self) -> Path:
        """Runs the OpenID provider that the tests log in by."""
        return self._need("node", "nodejs")

    def postgres(self) -> Postgres:
        """The newest PostgreSQL server on the machine (Debian keeps its programs out of PATH)."""
        folders = [p.parent for p in self._postgres_root.glob("*/bin/initdb")]
        folders.sort(key=lambda folder: [int(n) for n in re.findall(r"\d+", folder.parent.name)])
        on_path = self.which("initdb")
        if on_path is not None:
            folders.insert(0, on_path.resolve().parent)
        for folder in reversed(folders):
            if os.access(folder / "postgres", os.X_OK):
                return Postgres(folder, version_of(folder / "postgres", "--version"))
        raise MissingTool("PostgreSQL's server programs are not installed: apt-get install postgresql")

    def _need(self, package: str, *names: str) -> Path:
        found = self.which(*names)
        if found is None:
            raise MissingTool(f"{names[0]} is not installed: apt-get install {package}")
        return found


def asterisk_version(command: Path) -> str:
    """The version that ``asterisk -V`` tells, as ``22.10.1``. Raises MissingTool when it tells none."""
    version = version_of(command, "-V")
    if not version[:1].isdigit():
        raise MissingTool(
            f"{command} does not run or is no Asterisk: unset GRIDLINE_ASTERISK, run `make setup`"
        )
    return version


def version_of(command: Path, *options: str) -> str:
    """The first dotted number that a program prints about itself, "" when it tells none or does not run."""
    try:
        done = subprocess.run(
            [str(command), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=20,
            check=False,
            errors="replace",
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else ""
