"""Our own Redis: shut to strangers, its data kept when asked to be, gone without a trace."""

import os
from pathlib import Path

import pytest
import redis as client

from conf.ports import is_taken
from tests.real.servers import real_redis

pytestmark = pytest.mark.real


def test_it_wants_the_secret_which_is_its_owners(tmp_path: Path) -> None:
    with real_redis(tmp_path / "a folder") as server, client.Redis(port=server.port) as stranger:
        with pytest.raises(client.AuthenticationError):
            stranger.ping()
        for file in ("secret", "redis.conf"):
            assert (tmp_path / "a folder" / file).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("durable", [True, False])
def test_what_it_holds_is_kept_over_a_stop_when_durable(tmp_path: Path, durable: bool) -> None:
    with real_redis(tmp_path / "r", durable=durable) as server:
        with client.Redis.from_url(server.url) as mine:
            mine.set("a", "b")
        server.stop()
        assert server.pid == 0
        server.start()
        with client.Redis.from_url(server.url) as mine:
            assert mine.get("a") == (b"b" if durable else None)


def test_paused_it_does_not_answer_and_resumed_it_does(tmp_path: Path) -> None:
    with real_redis(tmp_path / "r") as server:
        server.pause()
        mine = client.Redis.from_url(server.url, socket_timeout=0.3, retry=None)
        with mine, pytest.raises(client.TimeoutError):
            mine.ping()
        server.resume()
        with client.Redis.from_url(server.url) as mine:
            assert mine.ping()


def test_afterwards_there_is_no_process_and_no_port(tmp_path: Path) -> None:
    with real_redis(tmp_path / "r") as server:
        pid, port = server.pid, server.port
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not is_taken(port)
