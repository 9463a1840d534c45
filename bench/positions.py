"""Positions into PostgreSQL: through broker and gateway, beside a plain subscriber, beside a bare COPY.

`POSITIONS_DEVICES=600 POSITIONS_SECONDS=1500 make bench B=positions`: so many handsets, each with so many positions.
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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bench.figures import children_of
from bench.rig import cpu
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
GATEWAYS = 2
"""Processes, each with one consumer: as many as the machine has processors."""
PLAIN_SECONDS = 100
"""Positions of each handset in the plain subscriber's run: enough for a steady rate."""


def run() -> dict[str, float]:
    """All figures of the bench."""
    devices = int(os.environ.get("POSITIONS_DEVICES", "600"))
    seconds = int(os.environ.get("POSITIONS_SECONDS", "1500"))
    with _stage(devices) as stage:
        site = stage.settings.var / "run" / "site.toml"
        gateways = [["positiongateway", str(site), stage.url, str(n + 1)] for n in range(GATEWAYS)]
        ours = _through(stage, devices, seconds, gateways, "positions")
        broker = stage.settings.broker
        plain_words = [
            "plainpositions", str(broker.port), consumer_user(broker.user, 8), broker.secret, _dsn(stage.url)
        ]  # fmt: skip
        plain = _through(stage, min(devices, 50), PLAIN_SECONDS, [plain_words], "plain_positions")
        copied = _copy(_dsn(stage.url))
    return {
        "positions": ours.rows,
        "positions_per_s": round(ours.pace),
        "plain_per_s": round(plain.pace),
        "copy_per_s": round(copied),
        "x_plain": round(ours.pace / plain.pace, 1),
        "x_copy": round(ours.pace / copied, 3),
        **{f"{part}_us": round(1e6 * cost / ours.rows, 1) for part, cost in ours.cost.items()},
        "machine_busy": round(ours.busy, 2),
    }


@dataclass(frozen=True, slots=True)
class Stage:
    """A broker, a database, and the settings that lead to both."""

    settings: Settings
    url: str
    broker: int
    database: int


@dataclass(frozen=True, slots=True)
class Ran:
    """Positions a second, rows in the end, seconds of processor time of each part, and how busy the machine was.

    That is with the bench and everything else on it; 1: it had nothing to give any more.
    """

    pace: float
    rows: int
    cost: dict[str, float]
    busy: float


@contextmanager
def _stage(devices: int) -> Iterator[Stage]:
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
            yield Stage(settings, url, broker.pid, server.pid)
        finally:
            if broker is not None:
                broker.stop()
            server.stop()


def _through(stage: Stage, devices: int, seconds: int, gateways: list[list[str]], table: str) -> Ran:
    """So many handsets send so many positions each through gateways that share them."""
    port = stage.settings.broker.port
    with ExitStack() as running:
        taking = [running.enter_context(_child(words)) for words in gateways]
        fleet = running.enter_context(_child(["mqttfleet", str(port), SECRET, str(devices), str(seconds)]))
        for one in taking:
            _line(one)
        made = json.loads(_line(fleet))
        pids = [one.pid for one in taking]
        before, idle, began = _cost(stage, pids, fleet.pid), _idle(), time.monotonic()
        fleet.stdin.write("go\n")  # type: ignore[union-attr]
        fleet.stdin.flush()  # type: ignore[union-attr]
        done = json.loads(_line(fleet))
        after, took = _cost(stage, pids, fleet.pid), time.monotonic() - began
        busy = 1 - (_idle() - idle) / (took * (os.cpu_count() or 1))
    with psycopg.connect(_dsn(stage.url)) as on:
        found = on.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]  # noqa: S608
    rows = int(found[0]) if found else 0
    if rows != made["positions"] or done["statuses"] != {"kept": made["messages"]}:
        raise SystemExit(f"bench: {made} sent, {rows} rows in {table}, answered {done['statuses']}")
    return Ran(rows / done["took"], rows, {part: after[part] - before[part] for part in after}, busy)


def _cost(stage: Stage, gateways: list[int], fleet: int) -> dict[str, float]:
    backends = [pid for pid, _ in children_of(stage.database)]
    return {
        "gateway": cpu.seconds(*gateways),
        "broker": cpu.seconds(stage.broker),
        "database": cpu.seconds(stage.database, *backends),
        "fleet": cpu.seconds(fleet),
    }


def _idle() -> float:
    """Seconds that the machine's processors have had nothing to do (proc(5), stat: idle and iowait)."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = file.readline().split()
    return (int(fields[4]) + int(fields[5])) / cpu.TICKS


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


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
        [sys.executable, "-m", f"bench.rig.{words[0]}", *words[1:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
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
