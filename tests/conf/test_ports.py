"""Free ports are free, taken ones are known, with their owner. On real sockets of the loopback."""

import os
import socket
from collections.abc import Iterator
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
    first = free_range(20)
    assert first % 2 == 0
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
