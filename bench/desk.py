"""Two hundred people at the back office at once, doing the ordinary mix; and the same pages beside a bare Flask.

The site is a process of its own with real sockets, its worker threads and PostgreSQL with `CASES` cases (100,000).
Everybody is logged in, has the live feed open as a browser has, and does one thing after another with a pause of
`PAUSE` seconds on average between (exponential): reads lists, cases and desks, searches, files cases, dispatches what
they filed. A time is from the request to the last byte. An error is anything that is not the answer a browser wants.
Then the same mix is asked for without pauses by as many as the site has threads, and so is one indexed SELECT as JSON
from a Flask on the same Twisted server: requests per second of each.
"""

import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import percentile
from bench.rig.casestore import cases_postgres, filled
from bench.rig.deskpeople import Ground, Person
from schema.desk import sessions
from schema.desk.caselist import Wanted, page
from schema.ids import uuid7
from schema.people import User
from schema.places import GridCell
from schema.store import Store

CASES, PEOPLE, PAUSE = 100_000, 200, 8.0
SECONDS, WARM, RUSH, AT_ONCE = 60.0, 15.0, 10.0, 12


def run() -> dict[str, float]:
    """All figures of the bench."""
    total = int(os.environ.get("CASES", CASES))
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder, cases_postgres() as server:
        url = filled(server, total)
        ground, tokens = _ground(url)
        with _process("bench.rig.popsite", url, Path(folder) / "site") as port:
            people = [Person(port, *token, ground, n) for n, token in enumerate(tokens)]
            _together(people, lambda one: one.work(SECONDS + WARM, PAUSE, from_=WARM))
            took, errors = list(ground.took), list(ground.errors)
            ground.took.clear()
            _together(people[:AT_ONCE], lambda one: one.work(RUSH, 0.0))
            rate = len(ground.took) / RUSH
            errors += ground.errors[len(errors) :]
        with _process("bench.rig.baresite", url, Path(folder) / "bare") as port:
            bare = sum(_ask_bare(port, ground.numbers)) / RUSH
    for name in dict.fromkeys(what for what, _ in took):
        times = [one for what, one in took if what == name]
        print(
            f"{name}: {len(times)}, median {percentile(times, 50):.0f} ms, longest {max(times):.0f} ms",
            flush=True,
        )
    for error in dict.fromkeys(errors):
        print(f"error: {error}", file=sys.stderr)
    times = [one for _, one in took]
    return {
        "cases": total, "people": len(tokens), "desk_p95_ms": round(percentile(times, 95), 1),
        "desk_ms": round(percentile(times, 50), 1), "asked_per_s": round(len(times) / SECONDS, 1),
        "errors": len(errors), "per_s": round(rate, 1), "bare_per_s": round(bare, 1), "x_bare": round(rate / bare, 3),
    }  # fmt: skip


def broken(figures: dict[str, float]) -> list[str]:
    """What must not be."""
    return ["errors"] if figures["errors"] else []


def _ground(url: str) -> tuple[Ground, list[tuple[str, str]]]:
    """What there is to look at, and a session (token, CSRF) for everybody."""
    store = Store(url)
    with store.read() as session:
        rows = page(session, Wanted(), store.clock()).rows
        cells = [row.code for row in session.query(GridCell).limit(500)]
        workers = [str(row.id) for row in session.query(User).where(User.post == "worker").limit(50)]
    found = []
    with store.work() as work:
        for _ in range(PEOPLE):
            user = User(
                login=f"desk-{uuid7().hex[-12:]}", name="bench", post="clerk", password="!", language="zh"
            )
            work.session.add(user)
            work.session.flush()
            found.append(
                (user, sessions.begin(work, user, ip="127.0.0.1", agent="bench", lasts=timedelta(days=1)))
            )
    with store.read() as session:
        visitors = [(token, sessions.find(session, token, store.clock())) for _, token in found]
    store.close()
    return Ground([row.case_no for row in rows], cells, workers), [
        (token, visitor.csrf) for token, visitor in visitors if visitor is not None
    ]


class _process:
    """A site of the bench as a process of its own; gives its port."""

    def __init__(self, module: str, url: str, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._site = subprocess.Popen([sys.executable, "-m", module, url, str(folder)], stdin=subprocess.PIPE)

    def __enter__(self) -> int:
        port, end = self._folder / "port", time.monotonic() + 60
        while not port.is_file():
            if self._site.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the site did not begin")
            time.sleep(0.1)
        return int(port.read_text("ascii"))

    def __exit__(self, *_: object) -> None:
        assert self._site.stdin
        self._site.stdin.close()
        self._site.wait(20)


def _ask_bare(port: int, numbers: list[str]) -> list[int]:
    asked = [0] * AT_ONCE

    def one(n: int) -> None:
        web, end = http.client.HTTPConnection("127.0.0.1", port, timeout=30), time.perf_counter() + RUSH
        chance = random.Random(n)
        while time.perf_counter() < end:
            web.request("GET", f"/{chance.choice(numbers)}")
            answer = web.getresponse()
            if answer.status != 200 or not json.loads(answer.read())["title"]:
                raise RuntimeError(f"the bare Flask says {answer.status}")
            asked[n] += 1
        web.close()

    _together(list(range(AT_ONCE)), one)
    return asked


def _together(some: list[Any], do: Callable[[Any], None]) -> None:
    failed: list[BaseException] = []

    def one(it: Any) -> None:
        try:
            do(it)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(it,)) for it in some]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
