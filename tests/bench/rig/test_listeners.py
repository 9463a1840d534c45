"""A bench's telephones know how long it was from the answer to the first sound, however late they read of it."""

import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bench.rig.arrivals import arriving, stamped
from bench.rig.listeners import Listeners


class Pbx:
    """Answers every call, and `after` seconds later says something to whoever has spoken; `after` 0: never."""

    def __init__(self, after: float, status: str = "200 OK") -> None:
        self._after, self._status = after, status
        self._sip, self._media = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for one in (self._sip, self._media):
            one.bind(("127.0.0.1", 0))
            one.settimeout(5)
        self.address = f"127.0.0.1:{self._sip.getsockname()[1]}"
        self.named = self.spoke = 0
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._sip.close()
        self._media.close()

    def _serve(self) -> None:
        while True:
            try:
                packet, caller = self._sip.recvfrom(65535)
            except OSError:
                return
            head, _, body = packet.decode().partition("\r\n\r\n")
            method = head.split()[0]
            self.asked.append(method)
            if method == "ACK":
                continue
            same = "".join(
                f"{line}\r\n"
                for line in head.split("\r\n")[1:]
                if re.match("(Via|From|To|Call-ID|CSeq):", line)
            )
            sdp = f"m=audio {self._media.getsockname()[1]} RTP/AVP 8\r\n"
            status = self._status if method == "INVITE" else "200 OK"
            self._sip.sendto(
                f"SIP/2.0 {status}\r\n{same}Content-Length: {len(sdp)}\r\n\r\n{sdp}".encode(), caller
            )
            if method == "INVITE" and status == "200 OK":
                self.named = int(re.findall(r"m=audio (\d+)", body)[0])
                _sound, (_host, self.spoke) = self._media.recvfrom(2048)
                if self._after:
                    time.sleep(self._after)
                    self._media.sendto(b"sound", ("127.0.0.1", self.named))


@pytest.fixture
def pbxs() -> Iterator[list[Pbx]]:
    open_: list[Pbx] = []
    yield open_
    for one in open_:
        one.close()


def dialled(pbx: Pbx) -> Listeners:
    run = Listeners(pbx.address, ("u", "s"), "12345", "138", rate=50, calls=1, patience=0.4).start()
    assert run.wait(20) == 1
    return run


def test_a_listener_speaks_from_the_port_that_it_named_and_counts_from_the_answer(pbxs: list[Pbx]) -> None:
    pbxs.append(pbx := Pbx(0.15))
    run = dialled(pbx)
    (wait,) = run.waits
    assert 150 <= wait < 5000 and (run.failed, run.up) == (0, 0)
    assert pbx.named == pbx.spoke and pbx.asked == ["INVITE", "ACK", "BYE"]


def test_who_is_not_answered_or_hears_nothing_has_failed(
    pbxs: list[Pbx], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listeners, "ANSWER", 0.2)
    pbxs += Pbx(0), Pbx(1, "486 Busy Here")
    for pbx in pbxs:
        run = dialled(pbx)
        assert (run.waits, run.failed) == ([], 1)


def test_when_a_packet_came_is_when_it_came_and_not_when_it_is_read() -> None:
    with (
        stamped(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as ear,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
    ):
        ear.bind(("127.0.0.1", 0))
        before = time.time()
        mouth.sendto(b"sound", ear.getsockname())
        after = time.time()
        time.sleep(0.1)
        packet, at = arriving(ear, 2048)
    assert packet == b"sound" and before - 0.001 <= at <= after + 0.001
