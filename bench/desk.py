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
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.figures import percentile
from bench.rig.casestore import cases_postgres, filled
from schema.desk import sessions
from schema.desk.caselist import Wanted, page
from schema.ids import uuid7
from schema.people import User
from schema.places import GridCell
from schema.store import Store

CASES, PEOPLE, PAUSE = 100_000, 200, 8.0
SECONDS, WARM, RUSH, AT_ONCE = 60.0, 15.0, 10.0, 12
FORM = "application/x-www-form-urlencoded"
WORDS = ("路灯", "停水", "井盖 破损", "噪声", "lamp", "垃圾 清运")
MIX = {
    "list": 15, "rows": 12, "case": 20, "search": 10, "desk": 10, "piles": 6, "file": 10, "dispatch": 5, "count": 4,
    "news": 8,
}  # fmt: skip


@dataclass
class Ground:
    """What people look at: numbers of cases, cells, workers; and what went wrong."""

    numbers: list[str]
    cells: list[str]
    workers: list[str]
    took: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


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


class Person:
    """Somebody at a desk: a connection that is kept, and the live feed."""

    def __init__(self, port: int, token: str, csrf: str, ground: Ground, seed: int) -> None:
        self._port, self._token, self._csrf, self._ground = port, token, csrf, ground
        self._chance = random.Random(seed)
        self._mine: list[tuple[str, int]] = []

    def work(self, seconds: float, pause: float, from_: float = 0.0) -> None:
        """Do one thing after another; what begins before `from_` seconds is not counted."""
        begun = time.perf_counter()
        feed = self._listen() if pause else None
        web = self._connect()
        names, weights = zip(*MIX.items(), strict=True)
        try:
            while (at := time.perf_counter() - begun) < seconds:
                if pause:
                    time.sleep(self._chance.expovariate(1 / pause))
                what = self._chance.choices(names, weights)[0]
                began = time.perf_counter()
                try:
                    wrong = getattr(self, f"_{what}")(web)
                except (OSError, http.client.HTTPException) as error:
                    wrong, web = (
                        f"{type(error).__name__}",
                        http.client.HTTPConnection("127.0.0.1", self._port, timeout=30),
                    )
                if wrong:
                    self._ground.errors.append(f"{what}: {wrong}")
                elif at >= from_:
                    self._ground.took.append((what, (time.perf_counter() - began) * 1000))
        finally:
            web.close()
            if feed is not None:
                feed.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    def _list(self, web: Any) -> str:
        return self._get(
            web, f"/cases?{urlencode({'state': self._chance.choice(('filed', 'dispatched', 'closed'))})}"
        )

    def _rows(self, web: Any) -> str:
        return self._get(web, f"/cases/rows?{urlencode({'cell': self._chance.choice(self._ground.cells)})}")

    def _case(self, web: Any) -> str:
        return self._get(web, f"/cases/{self._chance.choice(self._ground.numbers)}")

    def _search(self, web: Any) -> str:
        return self._get(web, f"/cases/rows?{urlencode({'q': self._chance.choice(WORDS)})}")

    def _desk(self, web: Any) -> str:
        return self._get(web, "/desk/dispatch")

    def _piles(self, web: Any) -> str:
        return self._get(
            web, f"/desk/dispatch?part=rows&pile={self._chance.choice(('to-check', 'to-close'))}"
        )

    def _count(self, web: Any) -> str:
        return self._get(web, "/cases/count?state=dispatched")

    def _news(self, web: Any) -> str:
        return self._get(web, "/api/news")

    def _file(self, web: Any) -> str:
        n = self._chance.randrange(10**8)
        body = {
            "order": str(uuid7()), "contact": str(uuid7()), "class_": "government", "kind": "complaint",
            "title": "路灯不亮", "text": f"文三路 {n} 号门口的路灯三天没有亮。", "language": "zh",
            "cell": self._chance.choice(self._ground.cells), "number": f"139{n:08d}", "citizen": "王女士",
        }  # fmt: skip
        status, text = self._send(web, "/api/cases", json.dumps(body), "application/json")
        if status != 200:
            return f"{status} {text[:80]!r}"
        made = json.loads(text)
        self._mine.append((made["case_no"], made["version"]))
        return ""

    def _dispatch(self, web: Any) -> str:
        if not self._mine:
            return self._file(web)
        number, version = self._mine.pop()
        form = {
            "order": str(uuid7()),
            "version": version,
            "worker": self._chance.choice(self._ground.workers),
            "note": "",
        }
        status, text = self._send(
            web, f"/cases/{number}/dispatch", urlencode(form), "application/x-www-form-urlencoded"
        )
        return "" if status == 200 else f"{status} {text[:80]!r}"

    def _get(self, web: Any, path: str) -> str:
        web.request("GET", path, headers={"Cookie": f"gridline={self._token}", "Accept": "text/html"})
        answer = web.getresponse()
        body = answer.read()
        return "" if answer.status == 200 and body else f"{path} {answer.status}"

    def _send(self, web: Any, path: str, body: str, kind: str) -> tuple[int, bytes]:
        web.request("POST", path, body.encode(), {
            "Cookie": f"gridline={self._token}", "X-CSRF": self._csrf, "Accept": "application/json",
            "Content-Type": kind,
        })  # fmt: skip
        answer = web.getresponse()
        return answer.status, answer.read()

    def _listen(self) -> socket.socket:
        feed = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        feed.sendall(f"GET /feed HTTP/1.1\r\nHost: x\r\nCookie: gridline={self._token}\r\n\r\n".encode())
        threading.Thread(target=_drain, args=(feed,), daemon=True).start()
        return feed


def _drain(feed: socket.socket) -> None:
    try:
        feed.settimeout(None)
        while feed.recv(1 << 16):
            pass
    except OSError:
        return


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
