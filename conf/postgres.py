"""A private PostgreSQL: one cluster in one folder, on a free loopback port, ended with its owner."""

import os
import pwd
import secrets
import signal
import subprocess
from pathlib import Path

import psycopg

from conf.children import Child, ChildFailed
from conf.ports import free_port
from conf.tools import Postgres

NAME = "gridline"


class PrivatePostgres:
    """A cluster of our own under `folder`, made when absent; user and database are both "gridline".

    `durable` False turns the waiting for the disk off (tests). PostgreSQL refuses root, so under root it runs as
    the system's "postgres" (or "nobody"), who must be able to reach `folder`.
    """

    def __init__(self, tool: Postgres, folder: Path, *, port: int = 0, durable: bool = True) -> None:
        self.port = port or free_port()
        self._tool = tool
        self._folder = folder.absolute()
        self._durable = durable
        self._owner = _owner()
        self._child = Child(
            "PostgreSQL",
            [tool.postgres, "-D", self._data, *self._options()],
            self._folder / "postgres.log",
            ready=self._answers,
            cwd=self._folder,
            user=self._owner.pw_uid if self._owner else None,
            stop_signal=signal.SIGINT,  # a fast shutdown: clients are cut off, everything is written
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _options(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "logging_collector": "off",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    @property
    def pid(self) -> int:
        """The postmaster's process id, 0 when it is down."""
        return self._child.pid

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        """The SQLAlchemy address of another database of this cluster."""
        return f"postgresql+psycopg://{NAME}:{self._secret()}@127.0.0.1:{self.port}/{database}"

    def start(self) -> "PrivatePostgres":
        """Make the cluster if there is none, start it, wait until it answers. Raises ChildFailed."""
        if not (self._data / "PG_VERSION").is_file():
            self._make()
        self._child.start().wait_ready(60)
        return self

    def stop(self) -> None:
        """End it by an orderly shutdown, at most 10 s."""
        self.resume()
        self._child.stop(10)

    def kill(self) -> None:
        """Kill it with -9, as a power cut would; its backends end when they notice."""
        backends = self._backends()
        self._child.kill()
        for pid in backends:
            _signal(pid, signal.SIGKILL)

    def pause(self) -> None:
        """Stop it from doing anything, connections held open: what a stuck machine looks like."""
        for pid in [self.pid, *self._backends()]:
            _signal(pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused one go on."""
        for pid in [self.pid, *self._backends()]:
            _signal(pid, signal.SIGCONT)

    def _backends(self) -> list[int]:
        try:
            return [
                int(n) for n in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
            ]
        except OSError:
            return []

    def _secret(self) -> str:
        return (self._folder / "secret").read_text("ascii").strip()

    def _make(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._owner:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        secret = self._folder / "secret"
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(24))
        if self._owner:
            os.chown(secret, self._owner.pw_uid, self._owner.pw_gid)
        made = subprocess.run(
            [
                self._tool.initdb,
                *("-D", self._data, "-U", NAME, "-A", "scram-sha-256", "--pwfile", secret),
                *("-E", "UTF8", "--locale=C", "--no-instructions"),
                *(() if self._durable else ("--no-sync",)),
            ],
            cwd=self._folder.anchor,
            user=self._owner.pw_uid if self._owner else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if made.returncode:
            words = (made.stderr.strip() or made.stdout.strip() or "it said nothing").splitlines()
            raise ChildFailed(f"PostgreSQL: no cluster could be made in {self._folder} ({words[-1].strip()})")

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        self._make_database()
        return True

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=NAME,
            password=self._secret(),
            dbname=database,
            connect_timeout=2,
            autocommit=True,
        )


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ChildFailed(
        "PostgreSQL does not run as root, and there is no user postgres: add one, or be another user"
    )


def _signal(pid: int, number: int) -> None:
    if not pid:
        return
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
