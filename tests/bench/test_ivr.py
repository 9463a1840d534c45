"""What the bench of voice menus makes of what its telephones noted."""

import socket
import time
from pathlib import Path

from bench.ivr import Sink, waits
from tests.patience import until


def test_a_wait_is_from_the_answer_to_the_first_sound_from_its_port(tmp_path: Path) -> None:
    log = tmp_path / "answers.log"
    log.write_text(
        "answered 4000 2026-11-29\t19:14:51.376199\t1795979691.376199\n"
        "answered 4002 2026-11-29\t19:14:52.000000\t1795979692.000000\n"
        "answered 4000 2026-11-29\t19:15:51.000000\t1795979751.000000\nnothing\n",
        "utf-8",
    )
    first = [(4000, 1795979691.476199), (4000, 1795979751.05), (4004, 1795979692.1)]
    assert [round(one) for one in waits(first, log)] == [100, 50]


def test_the_sink_keeps_the_first_packet_after_a_silence() -> None:
    sink = Sink()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaker:
        speaker.bind(("127.0.0.1", 0))
        before = time.time()
        for _ in range(3):
            speaker.sendto(b"sound", ("127.0.0.1", sink.port))
        until(lambda: bool(sink.first), what="a packet")
        sink.close()
        ((port, at),) = sink.first
        assert port == speaker.getsockname()[1] and at >= before
