"""Children: the servers of others that a site starts, watches and ends by pid."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class ChildFailed(Exception):
    """A child did not start or did not get ready; the text is one line and names its log."""


class Child:
    """One server process. `ready` is asked until it says True; output goes to `log`.

    The child dies with its parent (Linux: PR_SET_PDEATHSIG), so that nothing stays behind even after kill -9.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        log: Path,
        *,
        ready: Callable[[], bool] = lambda: True,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: int | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.argv = [str(word) for word in argv]
        self.log = log
        self._ready = ready
        self._env = dict(env) if env is not None else None
        self._cwd = cwd
        self._user = user
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; 0 when it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self) -> "Child":
        """Start it. Raises ChildFailed when there is no such program."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            try:
                self._process = subprocess.Popen(
                    self.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env=self._env,
                    cwd=self._cwd,
                    user=self._user,
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                )
            except OSError as error:
                raise ChildFailed(
                    f"{self.name}: {self.argv[0]} cannot be started ({error.strerror})"
                ) from error
        return self

    def wait_ready(self, seconds: float = 30) -> "Child":
        """Wait until it is ready. Raises ChildFailed when it ends first or takes longer than `seconds`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.pid:
                raise ChildFailed(f"{self.name} ended at once: {self._last_words()} (log: {self.log})")
            with suppress(OSError):
                if self._ready():
                    return self
            time.sleep(0.05)
        raise ChildFailed(f"{self.name} is not ready after {seconds:.0f} s (log: {self.log})")

    def signal(self, number: int) -> None:
        """Send a signal, if it runs."""
        if pid := self.pid:
            os.kill(pid, number)

    def kill(self) -> None:
        """Kill it with -9 and collect it."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def stop(self, seconds: float = 8) -> None:
        """Ask it to end, wait `seconds`, then kill it."""
        self.signal(self._stop_signal)
        if self._process:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self.log.read_text("utf-8", "replace").strip().splitlines()
            return lines[-1].strip()[:200] if lines else "it said nothing"
        return "it said nothing"


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody answers on this TCP port."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def _die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
