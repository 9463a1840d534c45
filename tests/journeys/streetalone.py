"""The street alone: broker, gateway and door with two workers, run as a program by the tests of the handset app.

Writes {"port", "password"} into ``<var>/told.json`` when it listens; the workers are w1 and w2. Ends on SIGTERM;
started again in the same folder it is the same site.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from twisted.internet import asyncioreactor

asyncioreactor.install()

from tests import cheaper  # noqa: E402

cheaper.hash_cheaply()  # before anything asks for the hash of nobody

from twisted.internet import reactor  # noqa: E402

from conf import servers  # noqa: E402
from conf.layout import lay_out  # noqa: E402
from conf.logs import begin  # noqa: E402
from conf.settings import Settings, Site  # noqa: E402
from conf.settingsfile import load  # noqa: E402
from conf.wiring import Process  # noqa: E402
from schema.desk.handsets import enrolled  # noqa: E402
from schema.desk.passwords import hashed  # noqa: E402
from schema.people import User  # noqa: E402
from schema.store import Store  # noqa: E402
from schema.upgrade import upgrade  # noqa: E402
from tests.field_gateway.play import Street  # noqa: E402

PASSWORD = "a lamp on the lake"


def zone_of_noon(hour: int) -> str:
    """Where it is noon when it is that hour in UTC: a day's log has a whole morning, whenever the tests run."""
    return f"Etc/GMT{hour - 12:+d}"  # POSIX counts them the other way round


def main(var: Path) -> None:
    """Serve until SIGTERM."""
    begin()
    file = var / "run" / "site.toml"
    fresh = Settings(var=var, site=Site(zone=zone_of_noon(datetime.now(UTC).hour)))
    settings = load(file, {"GRIDLINE_VAR": str(var)}) if file.is_file() else lay_out(fresh)
    upgrade(settings.database_url)
    store = Store(settings.database_url)
    with store.read() as session:
        known = session.scalar(select(User.id))
    if known is None:
        street = Street(store)
        with store.work() as work:
            for one in (street.one, street.two):
                row = work.session.get_one(User, one.id)
                row.password, row.password_at = hashed(PASSWORD), work.now
    with store.read() as session:
        broker = servers.mosquitto(settings, enrolled(session)).start().wait_ready()
    store.close()
    process = Process(settings, ("gateway",), reactor)

    def told() -> None:
        fresh = var / "told.new"
        fresh.write_text(json.dumps({"port": settings.field.port, "password": PASSWORD}), "utf-8")
        fresh.replace(var / "told.json")

    reactor.callWhenRunning(process.start)  # type: ignore[attr-defined]
    reactor.callWhenRunning(told)  # type: ignore[attr-defined]
    reactor.run()  # type: ignore[attr-defined]
    broker.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
