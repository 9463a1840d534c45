"""`gridline handset block` and `unblock`: the broker's list follows at once, and who was logged in is so no more."""

from datetime import timedelta

import pytest

from conf.broker import broker_folder
from conf.cli import main
from conf.settings import Settings
from schema.desk.fieldlogins import log_in, of_device
from schema.desk.handsets import enrol
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade


def test_a_handset_is_cut_off_and_let_in_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("conf.cli.load", lambda _: site)
    upgrade(site.database_url)
    store = Store.of(site)
    with store.work() as work:
        worker = User(login="w1", name="w1", post="worker", password="x")
        work.session.add(worker)
        work.session.flush()
        enrol(work, device="hs-1", worker=worker.id, secret="sixteen letters!")
        log_in(work, "hs-1", worker.id, lasts=timedelta(days=1))
    passwords = broker_folder(site) / "passwords"
    for _ in range(2):
        assert main(["handset", "block", "hs-1", "--reason", "lost"]) == 0
        assert "hs-1:" not in passwords.read_text()
    with store.read() as session:
        assert of_device(session, "hs-1")[0][0].ended_at is not None
    assert main(["handset", "unblock", "hs-1"]) == 0 and "hs-1:" in passwords.read_text()
    assert main(["handset", "block", "hs-9"]) == 1 and "no handset" in capsys.readouterr().err
    store.close()
