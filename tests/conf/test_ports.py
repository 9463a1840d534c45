"""Free ports are free, taken ones are known, with their owner. On real sockets of the loopback."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conf.ports import free_port, free_ports, free_range, is_taken, who_has

pytestmark = pytest.mark.real


@pytest.fixture
def server() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_free_ports_are_different_and_can_be_listened_on() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        assert not is_taken(port)
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
    assert free_port() > 0


def test_a_range_adjoins_is_even_and_avoids_a_taken_port() -> None:
    assert free_range(200) % 2 == 0
    first = free_range(20, low=10_860, high=10_960)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", first + 7))
        again = free_range(20, low=first, high=first + 60)
        assert again >= first + 20
        with pytest.raises(OSError, match="no 20 adjoining"):
            free_range(20, low=first, high=first + 21)


def test_a_taken_port_and_its_owner_are_known(server: int) -> None:
    assert is_taken(server)
    assert f"(pid {os.getpid()})" in who_has(server)


def test_nobody_has_a_free_port(tmp_path: Path) -> None:
    assert who_has(free_port()) == ""
    assert who_has(80, proc=tmp_path) == ""


def test_a_port_of_another_users_process_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    row = "0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 0"
    (tmp_path / "net" / "tcp").write_text(f"  sl  local_address …\n   {row}\n".replace(" …", ""))
    assert who_has(80, proc=tmp_path) == "another user's process"


DRAW = """
import sys
from conf.ports import free_ports, free_range
print(*free_ports(40), *[free_range(20, low=10_100, high=10_500) for _ in range(2)], flush=True)
sys.stdin.read()
"""


def test_what_one_process_drew_no_other_draws_while_the_first_lives() -> None:
    with ExitStack() as ends:
        drawn: list[str] = []
        for _ in range(5):
            drawer = ends.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", DRAW], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            assert drawer.stdout is not None
            drawn += drawer.stdout.readline().split()
    assert len(drawn) == len(set(drawn)) == 5 * 42


def test_drawn_ports_lie_where_no_clients_socket_wanders_in() -> None:
    ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    assert all(port < ephemeral for port in free_ports(50))


def test_ranges_are_not_drawn_twice_until_there_are_no_others() -> None:
    drawn = [free_range(20, low=9_000, high=9_900) for _ in range(3)]
    assert len(set(drawn)) == 3
    assert free_range(20, low=10_800, high=10_840) == free_range(20, low=10_800, high=10_840) == 10_800
