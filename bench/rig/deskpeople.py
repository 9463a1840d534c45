"""Somebody at the back office, as the desk bench has two hundred: a session, a connection, the live feed, the mix."""

import http.client
import json
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from schema.ids import uuid7

KEPT = 20.0
"""Seconds that an idle connection is used again; the server closes it after a minute."""
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
                    rest = self._chance.expovariate(1 / pause)
                    time.sleep(rest)
                    if rest > KEPT:
                        web.close()  # a browser does not trust a connection that old either
                what = self._chance.choices(names, weights)[0]
                began = time.perf_counter()
                try:
                    wrong = getattr(self, f"_{what}")(web)
                except (OSError, http.client.HTTPException) as error:
                    wrong, web = type(error).__name__, self._connect()
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
