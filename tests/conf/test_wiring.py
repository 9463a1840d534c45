"""The wiring: a handset that is blocked anywhere, or whose worker left, is out of the broker's list at the gateway."""

from conf.broker import broker_folder
from conf.settings import Settings
from conf.wiring import Process
from schema.desk import staff
from schema.desk.devices import block_handset
from schema.desk.handsets import enrol
from schema.orders import BlockHandset, DeactivateUser, ReactivateUser
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade
from tests.patience import until


class NoReactor:
    """Of a reactor, what rooms ask while they are made."""

    def __getattr__(self, name: str) -> object:
        return lambda *_, **__: None


def test_who_is_blocked_in_the_office_is_shut_out_by_the_broker(site: Settings) -> None:
    upgrade(site.database_url)
    store = Store.of(site)
    with store.work() as work:
        worker = User(login="w1", name="w1", post="worker", password="x")
        work.session.add(worker)
        work.session.flush()
        for name in ("hs-1", "hs-2"):
            enrol(work, device=name, worker=worker.id, secret="sixteen letters!")
    process = Process(site, ["gateway"], NoReactor())
    admit, passwords = process._admit, broker_folder(site) / "passwords"
    admit()
    assert "hs-1:" in passwords.read_text()
    process.bus.start()
    process.relay.start()
    try:
        with process.store.work() as work:
            block_handset(work, BlockHandset(by=None, device="hs-1", reason="lost"))
        until(lambda: "hs-1:" not in passwords.read_text())
        assert "hs-2:" in passwords.read_text()
        with process.store.work() as work:
            staff.deactivate(work, DeactivateUser(by=None, user=worker.id))
        until(lambda: "hs-2:" not in passwords.read_text())
        with process.store.work() as work:
            staff.reactivate(work, ReactivateUser(by=None, user=worker.id))
        until(lambda: "hs-2:" in passwords.read_text())
        assert "hs-1:" not in passwords.read_text()
    finally:
        process._stop_ground()
        store.close()
