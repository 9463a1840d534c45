"""A field service for benches: a broker and a gateway in processes of their own, and handsets that are enrolled."""

import sys
from dataclasses import replace
from pathlib import Path

from conf import servers
from conf.children import Child, listens
from conf.layout import lay_out, site_file
from conf.settings import CHECKOUT, Database, Settings
from schema.desk.handsets import enrol, enrolled
from schema.handsets import Duty
from schema.ids import uuid7
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade

SECRET = "a secret of a handset"


class FieldRig:
    """`devices` are enrolled for a worker each, who is on duty. `host` is where broker and door listen."""

    def __init__(self, folder: Path, devices: list[str], *, url: str = "", host: str = "127.0.0.1") -> None:
        plain = Settings(var=folder / "var", tools=CHECKOUT / "var", database=Database(url=url))
        plain = replace(plain, broker=replace(plain.broker, host=host), field=replace(plain.field, host=host))
        self.settings = lay_out(plain)
        upgrade(self.settings.database_url)
        self.store = Store.of(self.settings)
        self._enrol(devices)
        with self.store.read() as session:
            self.broker = servers.mosquitto(self.settings, enrolled(session))
        self.gateway = Child(
            "Gridline gateway",
            [sys.executable, "-m", "conf.cli", "--settings", site_file(self.settings), "serve", "gateway"],
            self.settings.var / "log" / "gateway.log",
            ready=lambda: listens(self.settings.field.port),
        )

    def start(self) -> "FieldRig":
        """Start broker and gateway. Raises ChildFailed."""
        self.broker.start().wait_ready(60)
        self.gateway.start().wait_ready(60)
        return self

    def stop(self) -> None:
        """End them."""
        self.gateway.stop()
        self.broker.stop()
        self.store.close()

    def _enrol(self, devices: list[str]) -> None:
        for at in range(0, len(devices), 500):
            with self.store.work() as work:
                workers = [
                    User(login=f"w-{name}".lower(), name=name, post="worker", password="!", active=True)
                    for name in devices[at : at + 500]
                ]
                work.session.add_all(workers)
                work.session.flush()
                for name, worker in zip(devices[at : at + 500], workers, strict=True):
                    enrol(work, device=name, worker=worker.id, secret=SECRET)
                work.session.flush()
                work.session.add_all(
                    Duty(id=uuid7(), worker=worker.id, device=name, started_at=work.now, ended_at=None)
                    for name, worker in zip(devices[at : at + 500], workers, strict=True)
                )
