"""The door of the handsets on an empty site, a process: ``python -m bench.rig.doorsite FOLDER`` until its input ends.

Writes {"port", "code", "login", "password"} into FOLDER/told.json when it listens; there is no broker.
"""

import json
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from twisted.internet import asyncioreactor

asyncioreactor.install()

from twisted.internet import reactor  # noqa: E402

from conf.settings import Field, Settings  # noqa: E402
from field_gateway.door.service import Door  # noqa: E402
from field_gateway.intake import Intake  # noqa: E402
from field_gateway.shelf import Shelf  # noqa: E402
from schema.bus_memory import MemoryBus  # noqa: E402
from schema.desk.enrolling import make_code  # noqa: E402
from schema.desk.passwords import hashed  # noqa: E402
from schema.people import User  # noqa: E402
from schema.store import Store  # noqa: E402
from schema.upgrade import upgrade  # noqa: E402

LOGIN, PASSWORD = "w1", "a lamp on the lake"


def main(folder: Path) -> None:
    """Serve until the input ends."""
    settings = Settings(var=folder / "var", field=Field(port=0))
    settings = replace(settings, broker=replace(settings.broker, ws_port=0))
    settings.var.mkdir(parents=True)
    upgrade(settings.database_url)
    store = Store(settings.database_url)
    with store.work() as work:
        worker = User(login=LOGIN, name="艾力·买买提", post="worker", password=hashed(PASSWORD), active=True)
        worker.password_at = work.now
        work.session.add(worker)
        work.session.flush()
        code = make_code(work, worker=worker.id, by=None, lasts=timedelta(minutes=15))
    bus = MemoryBus(store)
    door = Door(settings, store, bus, Intake(store, Shelf(settings.vault)), reactor, lambda: None)

    def go() -> None:
        bus.start()
        door.start()
        fresh = folder / "told.new"
        told = {"port": door.port, "code": code, "login": LOGIN, "password": PASSWORD}
        fresh.write_text(json.dumps(told), "utf-8")
        fresh.replace(folder / "told.json")

    def wait() -> None:
        sys.stdin.read()
        reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]

    reactor.callWhenRunning(go)  # type: ignore[attr-defined]
    reactor.addSystemEventTrigger(  # type: ignore[attr-defined]
        "before", "shutdown", lambda: door.stop().addCallback(lambda _: (bus.stop(), store.close()))
    )
    threading.Thread(target=wait, daemon=True).start()
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
