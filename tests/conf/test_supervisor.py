"""The supervisor brings a site up, restarts what is killed, leaves nothing, and says one line when it cannot start."""

import os
import signal
import socket
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from conf.children import listens
from conf.layout import PortTaken
from conf.settings import Settings
from conf.settingsfile import load
from conf.supervisor import Supervisor
from schema.desk.people import add_user, find_user
from schema.store import Store
from tests.patience import until

pytestmark = pytest.mark.real


def test_what_is_killed_comes_back_and_stop_leaves_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(Settings(var=tmp_path), say=said.append).start()
    try:
        pids = {name: child.pid for name, child in supervisor.children.items()}
        assert set(pids) == {"asterisk", "mosquitto", "gridline"} and all(pids.values())
        os.kill(pids["gridline"], signal.SIGKILL)
        until(lambda: supervisor.child("gridline").pid not in (0, pids["gridline"]))
        until(lambda: listens(supervisor.settings.web.port))
        assert supervisor.child("asterisk").pid == pids["asterisk"], "the telephone outlives the bridge"
        assert any("gridline ended" in line for line in said)
        doors = [
            supervisor.settings.web.port,
            supervisor.settings.pbx.ami_port,
            supervisor.settings.broker.port,
        ]
    finally:
        supervisor.stop()
    assert not any(child.pid for child in supervisor.children.values())
    assert not any(listens(door) for door in doors)


def test_a_split_site_finds_its_own_database_and_bus_again() -> None:
    with tempfile.TemporaryDirectory(prefix="gridline-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's own user must reach it
        urls = []
        for _ in range(2):
            settings = load(env={"GRIDLINE_VAR": folder})
            supervisor = Supervisor(settings, split=True, say=lambda line: None).start()
            try:
                assert set(supervisor.bases) == {"postgres", "redis"}
                assert set(supervisor.children) == {"asterisk", "mosquitto", "cti", "ivr", "gateway", "web"}
                store = Store(supervisor.settings.database_url)
                with store.work() as work:
                    if not urls:
                        add_user(
                            work, login="lin", name="Lin", post="admin", password="a long enough password"
                        )
                    else:
                        assert find_user(work.session, "lin") is not None
                store.close()
                urls.append(supervisor.settings.database.url)
            finally:
                supervisor.stop()
        assert all(url.startswith("postgresql") for url in urls)


def test_a_taken_port_stops_the_start_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        settings = Settings(var=tmp_path)
        settings = replace(settings, broker=replace(settings.broker, port=held.getsockname()[1]))
        supervisor = Supervisor(settings, say=lambda line: None)
        with pytest.raises(PortTaken, match=r"broker\.port"):
            supervisor.start()
        assert not supervisor.children
