"""A caller's history comes up by itself: 10 million cases on PostgreSQL, and 10,000.

The clock runs from the bridge's floor message, in which the agent's seat rings for a caller, to the caller's
history in the agent's hands: the message through the back office to the agent's live feed, the request that the
seat's page then makes, the query of cases and calls by number, and the answer read. The back office is a
process of its own with real sockets; what a browser then needs to draw twenty lines is not in it. Callers are
dealt out as they call: many once, few often.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figures import percentile
from bench.rig.caserows import caller, callers_of
from bench.rig.casestore import cases_postgres, filled
from schema.desk import sessions
from schema.ids import uuid7
from schema.people import User
from schema.store import Store

BIG, SMALL, CALLS, WARM = 10_000_000, 10_000, 300, 30
SEAT = "9101"


def run() -> dict[str, float]:
    """All figures of the bench."""
    big = int(os.environ.get("CASES", BIG))
    figures: dict[str, float] = {"cases": big}
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder, cases_postgres() as server:
        for name, total in (("small_", min(SMALL, big)), ("", big)):
            took, found = _pops(filled(server, total), total, Path(folder) / str(total))
            figures |= {
                f"{name}pop_p95_ms": round(percentile(took, 95), 1),
                f"{name}pop_ms": round(percentile(took, 50), 1),
                f"{name}history_rows": round(found / len(took), 1),
            }
    figures["growth_x"] = round(figures["pop_p95_ms"] / figures["small_pop_p95_ms"], 2)
    return figures


def _pops(url: str, total: int, folder: Path) -> tuple[list[float], int]:
    """Milliseconds of each call, and how many lines of history there were in all."""
    token = _agent(url)
    folder.mkdir()
    site = subprocess.Popen(
        [sys.executable, "-m", "bench.rig.popsite", url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert site.stdin
    try:
        port, end = folder / "port", time.monotonic() + 60
        while not port.is_file():
            if site.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the back office did not begin")
            time.sleep(0.1)
        screen, chance = Screen(int(port.read_text("ascii")), token), random.Random(1)
        took, lines = [], 0
        for n in range(WARM + CALLS):
            number = caller(int(callers_of(total) * chance.random() ** 1.5))[1]
            contact = str(uuid7())
            message = json.dumps(_floor(n + 1, contact, number)).encode() + b"\n"
            began = time.perf_counter()
            site.stdin.write(message)
            site.stdin.flush()
            history = screen.rings(contact)
            if n >= WARM:
                took.append((time.perf_counter() - began) * 1000)
                lines += len(history)
        screen.close()
        return took, lines
    finally:
        site.stdin.close()
        site.wait(20)


class Screen:
    """What the seat's page does when its seat rings."""

    def __init__(self, port: int, token: str) -> None:
        self._cookie = f"gridline={token}"
        self._web = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._feed = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._feed.sendall(f"GET /feed HTTP/1.1\r\nHost: x\r\nCookie: {self._cookie}\r\n\r\n".encode())
        self._rest = b""

    def rings(self, contact: str) -> list[Any]:
        """Wait for the ringing of this contact, then ask for its history."""
        wanted = contact.encode()
        while wanted not in self._rest:
            self._rest = self._rest[-64:] + self._feed.recv(1 << 16)
        self._rest = self._rest.rpartition(b"\n\n")[2]
        self._web.request(
            "GET", f"/api/contacts/{contact}", headers={"Cookie": self._cookie, "Accept": "application/json"}
        )
        answer = self._web.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body}")
        return list(body["history"])

    def close(self) -> None:
        """Go away."""
        self._feed.close()
        self._web.close()


def _agent(url: str) -> str:
    store = Store(url)
    with store.work() as work:
        user = User(
            login=f"bench-{uuid7().hex[-12:]}", name="bench", post="agent", password="!", language="zh"
        )
        work.session.add(user)
        work.session.flush()
        # The seat is one of everybody who measures, so it is taken from whoever had it.
        for other in work.session.query(User).filter(User.seat == SEAT):
            other.seat = None
        work.session.flush()
        user.seat = SEAT
        token = sessions.begin(work, user, ip="127.0.0.1", agent="bench", lasts=timedelta(days=1))
    store.close()
    return token


def _floor(version: int, contact: str, number: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    call = {
        "call": contact, "contact": contact, "number": number, "queue": "hotline", "language": "zh", "stage": "ringing",
        "since": at, "entered": at, "seat": SEAT, "priority": 0, "told": None, "waiting_since": at,
    }  # fmt: skip
    seat = {
        "seat": SEAT, "name": "bench", "state": "ringing", "since": at, "opened": at, "reason": "", "number": number,
        "call": contact, "contact": contact, "language": "zh", "user": "", "watchers": [],
    }  # fmt: skip
    return {"node": "pbx1", "epoch": "e", "v": version, "full": True, "at": at, "link": "up", "seats": {SEAT: seat},
            "calls": {contact: call}, "figures": {}}  # fmt: skip
