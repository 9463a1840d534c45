"""A private Redis: one server in one folder, on a free loopback port, ended with its owner."""

import os
import secrets
import signal
from pathlib import Path

import redis

from conf.children import Child
from conf.ports import free_port


class PrivateRedis:
    """A Redis of our own, its append-only file in `folder`. `durable` False keeps nothing on disk (tests)."""

    def __init__(self, program: Path, folder: Path, *, port: int = 0, durable: bool = True) -> None:
        self.port = port or free_port()
        self._folder = folder.absolute()
        self._durable = durable
        self._child = Child(
            "Redis",
            [program, self._configuration],
            self._folder / "redis.log",
            ready=self._answers,
            cwd=folder,
        )

    @property
    def _configuration(self) -> Path:
        return self._folder / "redis.conf"

    @property
    def pid(self) -> int:
        """The server's process id, 0 when it is down."""
        return self._child.pid

    @property
    def url(self) -> str:
        """Its address, with the secret."""
        return f"redis://:{self._secret()}@127.0.0.1:{self.port}/0"

    def start(self) -> "PrivateRedis":
        """Start it and wait until it answers. Raises ChildFailed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._configure()
        self._child.start().wait_ready(30)
        return self

    def stop(self) -> None:
        """End it in order, at most 8 s."""
        self.resume()
        self._child.stop()

    def kill(self) -> None:
        """Kill it with -9."""
        self._child.kill()

    def pause(self) -> None:
        """Stop it from doing anything, connections held open."""
        self._child.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused one go on."""
        self._child.signal(signal.SIGCONT)

    def _secret(self) -> str:
        file = self._folder / "secret"
        if not file.is_file():
            file.touch(0o600)
            file.write_text(secrets.token_urlsafe(24), "ascii")
        return file.read_text("ascii")

    def _configure(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._secret()}",
            "dir ./",  # its working folder, which `Child` sets: a path with blanks would need quoting
            'save ""',
            f"appendonly {'yes' if self._durable else 'no'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        # The secret stands in a file of the owner's, not on the command line that everybody can list.
        with os.fdopen(
            os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as out:
            out.write("\n".join(lines) + "\n")

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1, retry=None)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
