"""Full text and filtered lists over 10 million cases on PostgreSQL, over a tenth of them, and over 200,000 on SQLite.

A look is GET /cases/rows as the list's page asks for it, from the request to the last byte of HTML, in this
process: session, rights, the query, fifty rows put on the page. Seventeen kinds of looks, each as often as the
others, every one with words and values of its own, so that nothing is asked twice. The count beside the list is
a request of its own, as it is on the page, and has a figure of its own. What a look costs in processor time, of this
process and of the database's, is told as well: other work on the machine changes it little. `CASES` makes it smaller;
the stores are made when they are not there.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.figures import percentile
from bench.rig.caselite import lite
from bench.rig.caseoffice import office
from bench.rig.caserows import COLUMNS, Town, caller, callers_of, lines
from bench.rig.casestore import cases_postgres, filled
from bench.rig.casetexts import EN, MORE, UG, ZH
from bench.rig.cpu import busy_ms
from schema.desk.caselist import Wanted, page
from schema.desk.listpages import Place, write_place
from schema.ids import uuid7
from schema.store import Store

BIG, SMALL_SHARE, ON_SQLITE = 10_000_000, 10, 200_000
EACH = 12
"""Looks of each kind."""
Asked = dict[str, str | list[str]]


def run() -> dict[str, float]:
    """All figures of the bench."""
    big = int(os.environ.get("CASES", BIG))
    figures: dict[str, float] = {"cases": big}
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        with cases_postgres() as server:
            for name, total in (("small_", big // SMALL_SHARE), ("", big)):
                figures |= _looks(filled(server, total), total, Path(folder), name)
        total = min(ON_SQLITE, big)
        figures |= _looks(lite(total), total, Path(folder), "sqlite_")
    figures["cpu_growth_x"] = round(figures["search_cpu_p95_ms"] / figures["small_search_cpu_p95_ms"], 2)
    figures["growth_x"] = round(figures["search_p95_ms"] / figures["small_search_p95_ms"], 2)
    figures["sqlite_p95_ms"] = figures.pop("sqlite_search_p95_ms")
    return figures


def _looks(url: str, total: int, folder: Path, name: str) -> dict[str, float]:
    with office(url, folder) as (client, store):
        asks = looks(total, store)
        for kind in asks.values():  # a first look at each, as an office that is open has had
            _look(client, kind(random.Random(0)), "rows")
        took: dict[str, list[float]] = {}
        counts: list[float] = []
        costs: list[float] = []
        backend = _backend(store)
        for turn in range(EACH):
            for kind, ask in asks.items():
                asked = ask(random.Random(f"{kind} {turn}"))
                before = _cost_ms(backend)
                took.setdefault(kind, []).append(_look(client, asked, "rows"))
                costs.append(_cost_ms(backend) - before)
                counts.append(_look(client, asked, "count"))
    for kind, times in sorted(took.items(), key=lambda pair: -max(pair[1])):
        print(
            f"{name or 'big_'}{kind}: median {percentile(times, 50):.0f} ms, longest {max(times):.0f} ms",
            flush=True,
        )
    every = [one for times in took.values() for one in times]
    return {
        f"{name}search_p95_ms": round(percentile(every, 95), 1),
        f"{name}search_ms": round(percentile(every, 50), 1),
        f"{name}search_cpu_p95_ms": round(percentile(costs, 95), 1),
        f"{name}count_p95_ms": round(percentile(counts, 95), 1),
    }


def _backend(store: Store) -> int:
    """The process that answers the store's one connection; 0 is this one."""
    if store.is_sqlite:
        return 0
    with store.read() as session:
        return session.scalar(select(func.pg_backend_pid())) or 0


def _cost_ms(backend: int) -> float:
    return time.process_time() * 1000 + (busy_ms(backend) if backend else 0)


def _look(client: FlaskClient, asked: Asked, what: str) -> float:
    began = time.perf_counter()
    answer = client.get(f"/cases/{what}?{urlencode(asked, doseq=True)}", headers={"Accept": "text/html"})
    body = answer.get_data()
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or "耗时过长".encode() in body:
        raise RuntimeError(f"{asked}: {answer.status_code}")
    return took


def looks(total: int, store: Store) -> dict[str, Callable[[random.Random], Asked]]:
    """The kinds of looks, each a way to ask for one by chance."""
    with store.read() as session:
        some = page(session, Wanted(states=("dispatched",)), store.clock()).rows
        workers = [str(row.worker) for row in some if row.worker]
        cells = [row.cell for row in some]
    now = store.clock()
    town = Town(["0" * 32], ["0" * 32], ["0" * 15], now)

    def case(chance: random.Random) -> dict[str, str]:
        row = lines(chance.randrange(total), total, town)["cases"].split("\t")
        return dict(zip(COLUMNS["cases"], row, strict=True))

    def name(chance: random.Random) -> str:
        """A name that few cases have, of one of them."""
        text = case(chance)["text"]
        return text.split("，")[1][:2] if "，" in text else text.split(".")[0]

    def day(chance: random.Random, most: int = 1700) -> str:
        return (now.date().fromordinal(now.date().toordinal() - chance.randrange(most))).isoformat()

    def common(chance: random.Random) -> str:
        return chance.choice(ZH)[0]

    return {
        "newest": lambda c: {"x": str(c.random())},
        "state": lambda c: {"state": c.sample(("filed", "dispatched", "handled", "checked", "void", "closed"), 2)},
        "light": lambda c: {"light": c.sample(("over", "soon", "in-time", "done-late"), 2)},
        "kind": lambda c: {"kind": c.choice(("complaint", "suggestion")), "class": "social", "made_to": day(c)},
        "cell": lambda c: {"cell": c.choice(cells), "made_from": day(c)},
        "worker": lambda c: {"worker": c.choice(workers), "state": "closed"},
        "number": lambda c: {"q": caller(int(callers_of(total) * c.random() ** 1.5))[1]},
        "due": lambda c: {"sort": "due", "due_from": day(c), "state": ["dispatched", "filed", "closed"]},
        "deep": lambda c: {"at": write_place(Place(now - (now - town.begins) * c.random(), uuid7()))},
        "common-word": lambda c: {"q": common(c)},
        "two-words": lambda c: {"q": f"{common(c)} {c.choice(MORE)}"},
        "rare-word": lambda c: {"q": name(c)},
        "rare-and-common": lambda c: {"q": f"{name(c)} {c.choice(ZH)[0][:2]}", "state": "closed"},
        "one-character": lambda c: {"q": c.choice("灯水电噪树狗")},
        "uyghur-or-english": lambda c: {"q": c.choice((c.choice(UG)[0], f'"{c.choice(EN)[0]}"'))},
        "word-and-filter": lambda c: {"q": f"{common(c)} -邻居", "kind": "complaint", "state": ["rated", "void"],
                                      "made_to": day(c)},
        "not-there": lambda c: {"q": "".join(c.sample("龘靐齉爩麤灪龖厵", 3))},
    }  # fmt: skip
