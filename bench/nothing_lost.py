"""Nothing lost, nothing doubled: reports of many handsets while connections break and every part is killed with -9.

1,000 handsets, 100,000 signed reports, a fifth of the sendings followed by a broken connection; meanwhile broker,
gateway and database (PostgreSQL, which waits for the disk) are killed with -9, by chance with a seed, and started
again. It ends when every handset has a receipt for each of its reports. Then `field_gateway.audit` holds ledger, rows,
facts and the handsets' own receipts against each other, and the rows are counted. DEVICES, REPORTS, SEED and PAUSE
(seconds between two kills, at most) say otherwise: `DEVICES=20 REPORTS=1000 PAUSE=10` takes about a minute.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.rig.fieldgateway import is_ready
from bench.rig.mqttfleet import device
from bench.rig.reportfleet import key_of
from conf.broker import render_broker
from conf.children import Child, listens
from conf.layout import lay_out
from conf.postgres import PrivatePostgres
from conf.settings import CHECKOUT, Database, Settings
from conf.tools import Tools
from field_gateway.audit import Claim, Found, audit
from schema.desk.handsets import broker_hash, enrolled
from schema.handsets import Handset, InboxRow, Report
from schema.ids import as_id
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade

SECRET = "a secret of the bench"
DEVICES, REPORTS, SEED, PAUSE = 1_000, 100_000, 20261124, 20.0
DEAD = (0.2, 3.0)
"""Seconds that a killed part stays away."""
STARTS = 300.0
"""Seconds that a gateway may take to hear the broker; the next part is killed only after that."""
PATIENCE = 4 * 3600.0


def run() -> dict[str, float]:
    """All figures of the bench."""
    devices, reports = int(os.environ.get("DEVICES", DEVICES)), int(os.environ.get("REPORTS", REPORTS))
    seed, pause = int(os.environ.get("SEED", SEED)), float(os.environ.get("PAUSE", PAUSE))
    with tempfile.TemporaryDirectory(dir=CHECKOUT / "var") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else under root
        stage = Stage(folder, devices, seed)
        try:
            return stage.play(reports, pause)
        finally:
            stage.stop()


def broken(figures: dict[str, float]) -> list[str]:
    """The figures that may not be what they are."""
    return [name for name in ("lost", "doubled", "differences", "refused") if figures[name]]


class Stage:
    """Broker, gateway, database, so many handsets enrolled; each part can be killed and started."""

    def __init__(self, folder: Path, devices: int, seed: int) -> None:
        tools = Tools(CHECKOUT / "var")
        self._folder, self._devices, self._seed = folder, devices, seed
        self._database = PrivatePostgres(tools.postgres(), folder / "pg").start()
        url = self._database.url_of("postgres").rpartition("/")[0] + "/gridline"
        upgrade(url)
        self._settings = lay_out(replace(Settings(var=folder / "site"), database=Database(url=url)))
        self._store = Store(url)
        self._enrol()
        port = self._settings.broker.port
        with self._store.read() as session:
            main = render_broker(self._settings, enrolled(session))
        log = self._settings.var / "log"
        self._broker = Child(
            "Mosquitto", [tools.mosquitto(), "-c", main], log / "mosquitto.out", ready=lambda: listens(port)
        )
        site = self._settings.var / "run" / "site.toml"
        self._gateway = Child(
            "gateway",
            [sys.executable, "-m", "bench.rig.fieldgateway", site, url],
            log / "gateway.out",
            cwd=CHECKOUT,
            ready=lambda: is_ready(str(site), self._gateway.pid),
        )
        self._broker.start().wait_ready()
        self._gateway.start().wait_ready(STARTS)

    def play(self, reports: int, pause: float) -> dict[str, float]:
        """Let them report, kill, wait for the end, then look at the books."""
        claims = self._folder / "claims"
        began = datetime.now(UTC)
        argv = [sys.executable, "-m", "bench.rig.reportfleet", self._settings.broker.port, SECRET, self._devices,
                reports, self._seed, claims]  # fmt: skip
        log = self._folder / "fleet.out"
        with (
            log.open("w") as out,
            subprocess.Popen([str(one) for one in argv], cwd=CHECKOUT, stdout=out) as fleet,
        ):
            try:
                kills = self._kill(fleet.poll, pause, log)
            finally:
                fleet.kill()
        if fleet.returncode:
            raise SystemExit(f"the fleet failed: {log.read_text('utf-8')[-300:]}")
        told = json.loads(log.read_text("utf-8").splitlines()[-1])
        found, rows, ledger = self._books(began, claims)
        for line in found.differences[:20]:
            print(line, flush=True)
        return {
            "reports": reports,
            "handsets": self._devices,
            "lost": reports - rows if rows < reports else 0,
            "doubled": max(rows, ledger) - reports if max(rows, ledger) > reports else 0,
            "differences": len(found.differences),
            "claims": found.claims,
            "refused": sum(count for status, count in told["wrong"].items() if status != "later"),
            "reports_per_s": round(reports / told["seconds"], 1),
            "minutes": round(told["seconds"] / 60, 1),
            "sendings": told["sendings"],
            "cut_connections": told["cuts"],
            **kills,
        }

    def stop(self) -> None:
        """End everything."""
        self._store.close()
        self._gateway.kill()
        self._broker.stop()
        self._database.stop()

    def _kill(self, over: Callable[[], int | None], pause: float, log: Path) -> dict[str, float]:
        chance = random.Random(self._seed)
        parts: dict[str, tuple[Callable[[], None], Callable[[], object]]] = {
            "broker": (self._broker.kill, lambda: self._broker.start().wait_ready()),
            "gateway": (self._gateway.kill, lambda: self._gateway.start().wait_ready(STARTS)),
            "database": (self._database.kill, self._database.start),
        }
        kills = dict.fromkeys(parts, 0)
        end = time.monotonic() + PATIENCE
        while not self._ends(over, chance.uniform(pause / 3, pause)):
            if time.monotonic() > end:
                raise SystemExit("the handsets still wait for receipts")
            name = chance.choice(sorted(parts))
            kill, start = parts[name]
            kill()
            time.sleep(chance.uniform(*DEAD))
            start()
            kills[name] += 1
            print(f"killed {name}; {log.read_text('utf-8').rstrip().rpartition(chr(10))[2]}", flush=True)
        return {f"kills_{name}": float(count) for name, count in kills.items()}

    @staticmethod
    def _ends(over: Callable[[], int | None], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if over() is not None:
                return True
            time.sleep(0.1)
        return over() is not None

    def _books(self, began: datetime, claims: Path) -> tuple[Found, int, int]:
        told = (json.loads(line) for line in claims.read_text("utf-8").splitlines())
        given = [Claim(one["device"], as_id(one["id"]), one["row_hash"]) for one in told]
        day = timedelta(days=1)
        found = audit(self._store, self._settings.vault, began - day, datetime.now(UTC) + day, claims=given)
        with self._store.read() as session:
            rows = session.scalar(select(func.count()).select_from(Report)) or 0
            ledger = session.scalar(select(func.count()).select_from(InboxRow)) or 0
        return found, rows, ledger

    def _enrol(self) -> None:
        hashed = broker_hash(SECRET)  # one for all: a thousand would take longer than a short run
        with self._store.work() as work:
            names = [device(number) for number in range(self._devices)]
            workers = {name: User(login=name, name="w", post="worker", password="x") for name in names}
            work.session.add_all(workers.values())
            work.session.flush()
            for name, worker in workers.items():
                key = key_of(name, self._seed).public_key().public_bytes_raw()
                work.session.add(
                    Handset(device=name, worker=worker.id, secret=hashed, key=key, enrolled_at=work.now)
                )
