"""Positions into PostgreSQL: through broker and gateway, beside a plain subscriber, beside a bare COPY.

`POSITIONS_DEVICES=200 POSITIONS_SECONDS=3000 make bench B=positions`: so many handsets, each with so many positions.
Everything (handsets, broker, gateway, database) is on this machine. A position counts when its message's receipt is
there, which is sent after the commit; in the end the rows are counted.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bench.rig.mqttfleet import device
from conf.broker import render_broker
from conf.children import Child, listens
from conf.layout import lay_out
from conf.positions import consumer_user
from conf.postgres import PrivatePostgres
from conf.settings import CHECKOUT, Database, Settings
from conf.tools import Tools
from schema.desk.duty import set_duty
from schema.desk.handsets import enrol, enrolled
from schema.ids import uuid7
from schema.partitions import keep_house
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade

SECRET = "a secret of the bench"
PLAIN_SECONDS = 100
"""Positions of each handset in the plain subscriber's run: enough for a steady rate."""


def run() -> dict[str, float]:
    """All figures of the bench."""
    devices = int(os.environ.get("POSITIONS_DEVICES", "200"))
    seconds = int(os.environ.get("POSITIONS_SECONDS", "3000"))
    with _stage(devices) as (settings, url):
        site = settings.var / "run" / "site.toml"
        ours, rows = _through(
            settings, devices, seconds, ["bench.rig.positiongateway", str(site), url], url, "positions"
        )
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        user = consumer_user(settings.broker.user, 8)
        plain_args = [
            "bench.rig.plainpositions",
            str(settings.broker.port),
            user,
            settings.broker.secret,
            dsn,
        ]
        plain, _ = _through(settings, min(devices, 50), PLAIN_SECONDS, plain_args, url, "plain_positions")
        copied = _copy(dsn)
    return {
        "positions": rows,
        "positions_per_s": round(ours),
        "plain_per_s": round(plain),
        "copy_per_s": round(copied),
        "x_plain": round(ours / plain, 1),
        "x_copy": round(ours / copied, 3),
    }


@contextmanager
def _stage(devices: int) -> Iterator[tuple[Settings, str]]:
    """A broker and a database with so many handsets on duty; both wait for the disk as in production."""
    tools = Tools(CHECKOUT / "var")
    with tempfile.TemporaryDirectory(dir=CHECKOUT / "var") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else under root
        server = PrivatePostgres(tools.postgres(), Path(folder) / "pg").start()
        broker = None
        try:
            url = server.url_of("postgres").rpartition("/")[0] + "/gridline"
            upgrade(url)
            settings = lay_out(replace(Settings(var=Path(folder) / "site"), database=Database(url=url)))
            store = Store(url)
            with store.work() as work:
                for number in range(devices):
                    worker = User(login=device(number), name="w", post="worker", password="x")
                    work.session.add(worker)
                    work.session.flush()
                    handset = enrol(work, device=device(number), worker=worker.id, secret=SECRET)
                    set_duty(work, handset, id=uuid7(), made=work.now - timedelta(days=1), on=True)
                keep_house(work, settings.field.position_days)
            with store.read() as session:
                main = render_broker(settings, enrolled(session))
            store.close()
            port = settings.broker.port
            broker = Child(
                "Mosquitto", [tools.mosquitto(), "-c", main], settings.var / "log" / "mosquitto.out",
                ready=lambda: listens(port),
            )  # fmt: skip
            broker.start().wait_ready()
            yield settings, url
        finally:
            if broker is not None:
                broker.stop()
            server.stop()


def _through(
    settings: Settings, devices: int, seconds: int, gateway: list[str], url: str, table: str
) -> tuple[float, int]:
    """Positions a second from so many handsets through a gateway, and how many rows there are then."""
    fleet_args = ["bench.rig.mqttfleet", str(settings.broker.port), SECRET, str(devices), str(seconds)]
    with _child(gateway) as taking, _child(fleet_args) as fleet:
        _line(taking)
        made = json.loads(_line(fleet))
        fleet.stdin.write("go\n")  # type: ignore[union-attr]
        fleet.stdin.flush()  # type: ignore[union-attr]
        done = json.loads(_line(fleet))
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as on:
        found = on.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]  # noqa: S608
    rows = int(found[0]) if found else 0
    if rows != made["positions"] or done["statuses"] != {"kept": made["messages"]}:
        raise SystemExit(f"bench: {made} sent, {rows} rows in {table}, answered {done['statuses']}")
    return rows / done["took"], rows


def _copy(dsn: str) -> float:
    """Rows a second of a bare COPY of the same rows into an equal, empty table."""
    with psycopg.connect(dsn) as on:
        on.execute("CREATE TABLE copied (LIKE positions INCLUDING INDEXES)")
        data = io.BytesIO()
        with on.cursor().copy("COPY (SELECT * FROM positions) TO STDOUT") as out:
            for piece in out:
                data.write(piece)
        on.commit()
        began = time.monotonic()
        with on.cursor().copy("COPY copied FROM STDIN") as into:
            into.write(data.getvalue())
        on.commit()
        took = time.monotonic() - began
        found = on.execute("SELECT count(*) FROM copied").fetchone()
    return (found[0] if found else 0) / took


@contextmanager
def _child(words: list[str]) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        [sys.executable, "-m", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield child
    finally:
        child.stdin.close()  # type: ignore[union-attr]
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()  # type: ignore[union-attr]


def _line(child: "subprocess.Popen[str]") -> str:
    told = child.stdout.readline()  # type: ignore[union-attr]
    if not told:
        raise SystemExit("bench: a process of the bench ended early")
    return told
