"""A field service for benches: a broker and a gateway in processes of their own, and handsets that are enrolled."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from conf import servers
from conf.children import Child, listens
from conf.layout import lay_out, site_file
from conf.settings import CHECKOUT, Database, Settings
from schema.desk.handsets import broker_hash, enrolled
from schema.handsets import Duty, Handset
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
        hashed = broker_hash(SECRET)  # one for all: thousands would take longer than what is measured
        for at in range(0, len(devices), 1000):
            with self.store.work() as work:
                people = {name: uuid7() for name in devices[at : at + 1000]}
                work.session.execute(
                    insert(User),
                    [
                        {
                            "id": id,
                            "login": f"w-{name}",
                            "name": name,
                            "post": "worker",
                            "password": "!",
                            "active": True,
                        }
                        for name, id in people.items()
                    ],
                )
                work.session.execute(
                    insert(Handset),
                    [
                        {"device": name, "worker": id, "secret": hashed, "enrolled_at": work.now}
                        for name, id in people.items()
                    ],
                )
                # On duty for an hour by now: what a backlog tells of was then.
                began = work.now - timedelta(hours=1)
                work.session.execute(
                    insert(Duty),
                    [
                        {"id": uuid7(), "worker": id, "device": name, "started_at": began}
                        for name, id in people.items()
                    ],
                )
