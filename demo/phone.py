"""A citizen's telephone: baresip behind the carrier's trunk, with its own voice tone and an ear that records.

Control is baresip's ctrl_tcp (JSON in netstrings). What it hears goes into WAV files in its folder.
"""

import json
import math
import socket
import struct
import threading
import time
import wave
from contextlib import suppress
from pathlib import Path
from typing import Any

from conf.children import Child, ChildFailed, listens
from conf.ports import free_port, free_range

RATE = 8000
RTP_PORTS = 20
CONFIG = """\
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
ctrl_tcp_listen 127.0.0.1:{ctrl}
audio_source aufile,{tone}
audio_player aubridge,sink
audio_alert nil,nil
audio_srate 8000
audio_channels 1
ausrc_srate 8000
auplay_srate 8000
rtp_ports {rtp}-{rtp_end}
snd_path {folder}
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
"""


class PhoneFailed(Exception):
    """The telephone did not do what was asked, or what was waited for did not happen in time."""


class Phone:
    """One telephone with a `number`, speaking a sine of `tone` Hz. Calls go to `server` ("host:port").

    `port` is where it can be rung at; `auth` is (user, secret) for the trunk or a seat, `user` the SIP user.
    """

    def __init__(
        self,
        program: Path,
        folder: Path,
        number: str,
        server: str,
        *,
        auth: tuple[str, str],
        port: int = 0,
        tone: float = 440.0,
        registers: bool = False,
        answers: str = "manual",
    ) -> None:
        self.number = number
        self.server = server
        self.folder = folder
        self._fixed_port = port
        self.port = port
        self.events: list[dict[str, Any]] = []
        self._ctrl = 0
        self._news = threading.Condition()
        self._replies: dict[str, dict[str, Any]] = {}
        self._link: socket.socket | None = None
        folder.mkdir(parents=True, exist_ok=True)
        tone_file = folder / "tone.wav"
        write_tone(tone_file, tone)
        user, secret = auth
        (folder / "accounts").write_text(
            f"<sip:{number}@{server}>;auth_user={user};auth_pass={secret};regint={60 if registers else 0}"
            f";answermode={answers};audio_codecs=PCMA/8000/1,PCMU/8000/1;dtmfmode=rtpevent"
            f';outbound="sip:{server}"\n'
        )
        (folder / "contacts").write_text("")
        self._child = Child(
            f"telephone {number}",
            [program, "-f", folder, "-4"],
            folder / "baresip.log",
            ready=lambda: listens(self._ctrl),
            cwd=folder,
        )

    def _draw_ports(self) -> None:
        """Ports that were free a moment ago, into its configuration."""
        self.port = self._fixed_port or free_port()
        self._ctrl = free_port()
        rtp = free_range(RTP_PORTS, low=30_000, high=32_700)
        modules = next(Path("/usr/lib").glob("**/baresip/modules"), Path("/usr/lib/baresip/modules"))
        (self.folder / "config").write_text(
            CONFIG.format(
                sip=self.port,
                ctrl=self._ctrl,
                tone=self.folder / "tone.wav",
                folder=self.folder,
                modules=modules,
                rtp=rtp,
                rtp_end=rtp + RTP_PORTS - 1,
            )
        )

    @property
    def pid(self) -> int:
        """Its process id, 0 when it is off."""
        return self._child.pid

    def start(self) -> "Phone":
        """Switch it on. Raises conf.children.ChildFailed."""
        for left in (2, 1, 0):  # a port drawn here may be somebody else's a moment later
            self._draw_ports()
            try:
                self._child.start().wait_ready(30)
                break
            except ChildFailed:
                self._child.stop(1)
                if not left:
                    raise
        self._link = socket.create_connection(("127.0.0.1", self._ctrl))
        threading.Thread(target=self._listen, name=f"phone {self.number}", daemon=True).start()
        return self

    def dial(self, number: str) -> None:
        """Dial a number at the server."""
        self.order("dial", f"sip:{number}@{self.server}")

    def press(self, digits: str) -> None:
        """Press keys (RFC 4733 events), one after the other."""
        for digit in digits:
            self.order("sndcode", digit)
            time.sleep(0.15)
            self.order("sndcode", "\x04")  # key up, as the console sends it

    def answer(self) -> None:
        """Take the call that rings."""
        self.order("accept")

    def hang_up(self) -> None:
        """End the call."""
        self.order("hangup")

    def order(self, command: str, params: str = "") -> str:
        """Give a ctrl_tcp command; returns its text. Raises PhoneFailed after 15 s without an answer."""
        if self._link is None:
            raise PhoneFailed(f"telephone {self.number} is off")
        token = f"{time.monotonic_ns()}"
        body = json.dumps({"command": command, "params": params, "token": token}).encode()
        self._link.sendall(b"%d:%s," % (len(body), body))
        with self._news:
            if not self._news.wait_for(lambda: token in self._replies, timeout=15):
                raise PhoneFailed(f"telephone {self.number} did not answer {command!r}")
            return str(self._replies.pop(token).get("data", ""))

    def wait(self, kind: str, seconds: float = 20, after: int = 0) -> dict[str, Any]:
        """The first event of `kind` (CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED, CALL_INCOMING …) from `after`."""

        def found() -> dict[str, Any] | None:
            return next((e for e in self.events[after:] if e.get("type") == kind), None)

        with self._news:
            if not self._news.wait_for(lambda: found() is not None, timeout=seconds):
                seen = ", ".join(str(e.get("type")) for e in self.events[after:]) or "nothing"
                raise PhoneFailed(f"telephone {self.number}: no {kind} within {seconds:.0f} s; it saw {seen}")
            event = found()
            assert event is not None
            return event

    def heard(self) -> list[Path]:
        """The WAV files of what it heard, oldest first, one a call."""
        return sorted(self.folder.glob("dump-*-dec.wav"), key=lambda p: p.stat().st_mtime)

    def stop(self) -> None:
        """Switch it off."""
        if self._link:
            with suppress(OSError):
                self._link.close()
        self._child.stop(3)

    def _listen(self) -> None:
        link, buffer = self._link, b""
        assert link is not None
        while True:
            try:
                data = link.recv(65536)
            except OSError:
                return
            if not data:
                return
            buffer += data
            while (colon := buffer.find(b":")) > 0 and len(buffer) > colon + 1 + (
                size := int(buffer[:colon])
            ):
                self._take(json.loads(buffer[colon + 1 : colon + 1 + size]))
                buffer = buffer[colon + 2 + size :]

    def _take(self, message: dict[str, Any]) -> None:
        with self._news:
            if message.get("event"):
                self.events.append(message | {"at": time.time()})
            elif "token" in message:
                self._replies[str(message["token"])] = message
            self._news.notify_all()


def write_tone(
    file: Path, hertz: float, seconds: float = 300, level: float = 0.3, syllables: int = 0
) -> None:
    """A sine as an 8 kHz mono 16-bit WAV file (0 Hz: silence).

    `syllables`: how many times a second it rises and falls, as speech does (0: steady). A browser's noise suppression
    takes a steady tone away within three seconds (measured: by 24 dB), for that is its task.
    """

    def sample(n: int) -> float:
        swell = (1 - math.cos(2 * math.pi * syllables * n / RATE)) / 2 if syllables else 1.0
        return level * 32767 * swell * math.sin(2 * math.pi * hertz * n / RATE)

    one_second = struct.pack(f"<{RATE}h", *(round(sample(n)) for n in range(RATE)))
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        for _ in range(int(seconds)):
            out.writeframesraw(one_second)
