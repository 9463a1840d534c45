"""Our own PostgreSQL: made when absent, found again, shut to strangers, gone without a trace."""

import os

import psycopg
import pytest
from sqlalchemy.engine import make_url

from conf.ports import is_taken
from tests.real.servers import real_postgres

pytestmark = pytest.mark.real


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def test_it_keeps_its_data_over_a_stop_and_a_kill() -> None:
    with real_postgres(durable=True) as server:
        with psycopg.connect(plain(server.url)) as connection:
            connection.execute("CREATE TABLE kept (n integer)")
        for n, end in enumerate((server.stop, server.kill)):
            with psycopg.connect(plain(server.url)) as connection:
                connection.execute("INSERT INTO kept VALUES (%s)", [n])
            end()
            assert server.pid == 0
            server.start()
        with psycopg.connect(plain(server.url)) as connection:
            assert connection.execute("SELECT n FROM kept ORDER BY n").fetchall() == [(0,), (1,)]


def test_a_wrong_password_is_refused_and_the_secret_is_its_owners() -> None:
    with real_postgres() as server:
        wrong = make_url(plain(server.url)).set(password="guess").render_as_string(hide_password=False)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        secret = server._folder / "secret"
        assert secret.stat().st_mode & 0o077 == 0


def test_paused_it_does_not_answer_and_resumed_it_does() -> None:
    with real_postgres() as server:
        server.pause()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(plain(server.url), connect_timeout=2)
        server.resume()
        psycopg.connect(plain(server.url)).close()


def test_afterwards_there_is_no_process_no_port_and_no_folder() -> None:
    with real_postgres() as server:
        pid, port, folder = server.pid, server.port, server._folder
        assert is_taken(port)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not is_taken(port)
    assert not folder.exists()
