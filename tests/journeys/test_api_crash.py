"""A web process that is killed while programs give orders: each order once, however often it was sent."""

import http.client
import json
import random
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from conf.children import Child, listens
from conf.layout import lay_out, site_file
from conf.settings import Settings
from schema.calls import SeatRow
from schema.desk import tokens
from schema.outbox import OutboxRow
from schema.people import AuditRow, User
from schema.store import Store
from schema.tokens import ApiOrder
from schema.upgrade import upgrade

pytestmark = [pytest.mark.real, pytest.mark.journey]
KILLS, PROGRAMS = 4, 3


class Giver:
    """A program that gives one order after the other, each until it is taken, whatever happens to its connection."""

    def __init__(self, port: int, secret: str, name: str) -> None:
        self._port, self._secret, self._name = port, secret, name
        self.taken: dict[str, str] = {}
        self.repeated = 0
        self._thread = threading.Thread(target=self._run)
        self._stopping = threading.Event()
        self._thread.start()

    def stop(self) -> None:
        """Give no more; the order in hand is finished."""
        self._stopping.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            key = f"{self._name}-{len(self.taken)}"
            while (id := self._send(key)) is None:
                self.repeated += 1
                time.sleep(0.02)
            self.taken[key] = id

    def _send(self, key: str) -> str | None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        headers = {"Authorization": f"Bearer {self._secret}", "Idempotency-Key": key}
        try:
            connection.request("POST", "/api/v1/agents/by-number/102/ready", headers=headers)
            answer = connection.getresponse()
            told: Any = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None  # nobody knows what became of it
        finally:
            connection.close()
        assert answer.status in (202, 409, 503), told
        return str(told["id"]) if answer.status == 202 else None


def test_every_order_is_given_once_though_the_web_is_killed(tmp_path: Path) -> None:
    settings = lay_out(Settings(var=tmp_path / "var"))
    upgrade(settings.database_url)
    store, chance = Store(settings.database_url), random.Random(7)
    with store.work() as work:
        user = User(login="li", name="李", post="supervisor", password="x", seat="102")
        work.session.add(user)
        work.session.flush()
        work.session.add(
            SeatRow(
                seat="102",
                node="pbx1",
                user=user.id,
                digest="x",
                state="paused",
                since=work.now,
                opened_at=work.now,
            )
        )
        secrets = [
            tokens.add(work, name=f"p{n}", login="li", rights=["seat.work"], lasts=timedelta(days=1))
            for n in range(PROGRAMS)
        ]
    web = Child(
        "web",
        [sys.executable, "-m", "conf.cli", "--settings", site_file(settings), "serve", "web"],
        tmp_path / "web.log",
        ready=lambda: listens(settings.web.port),
    )
    web.start().wait_ready(60)
    givers = [Giver(settings.web.port, secret, f"k{n}") for n, secret in enumerate(secrets)]
    try:
        for _ in range(KILLS):
            time.sleep(0.3 + chance.random())
            web.kill()
            web.start().wait_ready(60)
        time.sleep(0.5)
        for giver in givers:
            giver.stop()
    finally:
        for giver in givers:
            giver._stopping.set()
        web.stop()
    taken = {id for giver in givers for id in giver.taken.values()}
    assert len(taken) == sum(len(giver.taken) for giver in givers) > PROGRAMS
    assert sum(giver.repeated for giver in givers) > 0
    with store.read() as session:
        orders = [
            str(key) for key in session.scalars(select(OutboxRow.key).where(OutboxRow.name == "MakeReady"))
        ]
        assert sorted(orders) == sorted(taken)
        assert session.scalar(select(func.count()).select_from(ApiOrder)) == len(taken)
        acts = select(func.count()).select_from(AuditRow).where(AuditRow.what == "seat.ready")
        assert session.scalar(acts) == len(taken)
    store.close()
