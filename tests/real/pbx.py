"""A real Asterisk with our configuration, and a plain ear on its AMI that keeps every event."""

import asyncio
import hashlib
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from conf.children import Child
from conf.servers import asterisk
from conf.settings import Settings
from conf.tools import Tools
from cti.endpoints import Endpoints
from tests.patience import LONG

Event = dict[str, str]
Result = TypeVar("Result")


class Ami:
    """An AMI session of `user`; `heard` grows as messages arrive."""

    def __init__(self, port: int, user: str, secret: str) -> None:
        self.heard: list[Event] = []
        self._news = threading.Condition()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=LONG)
        self._socket.settimeout(None)
        threading.Thread(target=self._listen, daemon=True, name=f"ami {user}").start()
        answer = self.say(Action="Login", Username=user, Secret=secret)
        assert answer["Response"] == "Success", answer

    def say(self, seconds: float = LONG, **action: str) -> Event:
        """Carry out an action and return the response."""
        ident = f"test-{time.monotonic_ns()}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in action.items())
        self._socket.sendall(f"{lines}ActionID: {ident}\r\n\r\n".encode())
        return self.wait(lambda m: m.get("ActionID") == ident and "Response" in m, seconds, what=str(action))

    def wait(
        self, wanted: Callable[[Event], bool], seconds: float = LONG, *, after: int = 0, what: str = ""
    ) -> Event:
        """The first message from number `after` that is wanted. Raises AssertionError with what was heard."""
        found: list[Event] = []

        def there() -> bool:
            found[:] = [m for m in self.heard[after:] if wanted(m)][:1]
            return bool(found)

        with self._news:
            if not self._news.wait_for(there, timeout=seconds):
                told = [m.get("What") or m.get("Event") or m.get("Response") for m in self.heard[after:]]
                raise AssertionError(f"{what or 'what was waited for'}: not within {seconds} s; heard {told}")
        return found[0]

    def told(self, what: str, seconds: float = LONG, *, after: int = 0, **fields: str) -> Event:
        """The first UserEvent Gridline of that What and those fields."""
        return self.wait(
            lambda m: (
                m.get("UserEvent") == "Gridline"
                and m.get("What") == what
                and all(m.get(name) == value for name, value in fields.items())
            ),
            seconds,
            after=after,
            what=f"{what} {fields or ''}",
        )

    def close(self) -> None:
        """End the session."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        buffer = b""
        with suppress(OSError):
            while data := self._socket.recv(65536):
                buffer += data
                *whole, buffer = buffer.split(b"\r\n\r\n")
                with self._news:
                    for message in whole:
                        lines = message.decode("utf-8", "replace").split("\r\n")
                        self.heard.append(dict(li.split(": ", 1) for li in lines if ": " in li))
                    self._news.notify_all()


class RealPbx:
    """Asterisk as the site starts it, with an ear, a mouth and the seats' door."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.child: Child = asterisk(settings)
        self.server = f"127.0.0.1:{settings.pbx.sip_port}"
        self.carrier = (settings.pbx.trunk_user, settings.pbx.trunk_secret)
        self.endpoints = Endpoints.of(settings.pbx)
        self.start()

    def start(self) -> None:
        """Start it and open both AMI sessions."""
        self.child.start().wait_ready()
        pbx = self.settings.pbx
        self.ears = Ami(pbx.ami_port, "ears", pbx.ears_secret)
        self.mouth = Ami(pbx.ami_port, "mouth", pbx.mouth_secret)

    def stop(self) -> None:
        """End it."""
        self.ears.close()
        self.mouth.close()
        self.child.stop()

    @property
    def log(self) -> str:
        """What it wrote into its log."""
        return (self.settings.var / "log" / "asterisk" / "messages.log").read_text("utf-8", "replace")

    def channels(self) -> int:
        """How many channels there are."""
        before = len(self.mouth.heard)
        self.mouth.say(Action="CoreShowChannels")
        end = self.mouth.wait(lambda m: m.get("Event") == "CoreShowChannelsComplete", after=before)
        return int(end["ListItems"])

    def quiet(self, seconds: float = LONG) -> bool:
        """Whether it has no channel left within `seconds`."""
        end = time.monotonic() + seconds
        while self.channels():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def until_online(self, seat: str, seconds: float = LONG) -> None:
        """Wait until a telephone is registered at a seat and answers."""
        end = time.monotonic() + seconds
        while (seat, True) not in {(s.seat, s.online) for s in run(self.endpoints.list())}:
            assert time.monotonic() < end, f"no telephone at seat {seat}"
            time.sleep(0.05)

    def redirect(self, channel: str, seat: str) -> Event:
        """Send a waiting caller to ring a seat."""
        return self.mouth.say(
            Action="Redirect", Channel=channel, Context="gridline-dial", Exten=seat, Priority="1"
        )

    def recording(self, name: str, seconds: float = LONG) -> tuple[Path, Path, Path]:
        """Mix, rx and tx of a recording once the PBX has closed them."""
        spool = self.settings.spool
        end = time.monotonic() + seconds
        while not (spool / f"{name}.done").exists():
            assert time.monotonic() < end, f"no {name}.done: {sorted(p.name for p in spool.iterdir())}"
            time.sleep(0.05)
        return spool / f"{name}.wav", spool / f"{name}.rx.wav", spool / f"{name}.tx.wav"

    def cli(self, command: str) -> str:
        """What a command of Asterisk's own console says."""
        program = Tools(self.settings.tools).asterisk().command
        conf = self.settings.run / "asterisk" / "etc" / "asterisk.conf"
        return subprocess.run(
            [program, "-C", conf, "-rx", command], capture_output=True, text=True, timeout=LONG, check=False
        ).stdout

    def listens_at(self) -> set[str]:
        """The addresses ("127.0.0.1:5060") at which it accepts TCP connections."""
        inodes = set()
        for fd in Path(f"/proc/{self.child.pid}/fd").iterdir():
            with suppress(OSError):
                if match := re.fullmatch(r"socket:\[(\d+)\]", str(fd.readlink())):
                    inodes.add(match[1])
        found = set()
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{self.child.pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in inodes:
                    address, port = fields[1].split(":")
                    if table == "tcp":
                        address = socket.inet_ntoa(bytes.fromhex(address)[::-1])
                    found.add(f"{address}:{int(port, 16)}")
        return found


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """A coroutine's result, on a loop of its own: the tests' own loop is the reactor's and runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def ha1(seat: str, secret: str) -> str:
    """The SIP digest of a seat's secret (RFC 2617)."""
    return hashlib.md5(f"seat{seat}:gridline:{secret}".encode()).hexdigest()  # noqa: S324


@contextmanager
def real_pbx(settings: Settings) -> Iterator[RealPbx]:
    """A PBX for the length of the block."""
    pbx = RealPbx(settings)
    try:
        yield pbx
    finally:
        pbx.stop()
