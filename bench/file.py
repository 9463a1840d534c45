"""Filing cases beside bare inserts of the same rows: PostgreSQL, 16 writers, each at it as fast as it can.

Filing is the desk's order as a page gives it: rights, rules, citizen, number of the day, category and deadline,
case, clock and interval, history, words, facts in the outbox, one commit. The rows that so many filed cases
left are then written again into another database that is empty: 16 connections, one transaction a case, one
insert for each row, nothing read and nothing decided (COPY or many rows at a time would be another thing: a
hotline files one case at a time). The counter of the day is a row of the case there too, so that both sides
queue at it alike. `fsync` is on.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy.engine import make_url

from bench.rig.casestore import CasesPostgres
from conf.settings import CHECKOUT
from conf.tools import Tools
from demo.workdays import city_calendar
from schema.desk.cases import file_case
from schema.desk.deadlines import keep_calendar
from schema.ids import uuid7
from schema.orders import FileCase
from schema.people import User
from schema.places import GridCell
from schema.store import Store
from schema.upgrade import upgrade

WRITERS, EACH, ROUNDS = 16, 100, 3
TABLES = ("citizens", "cases", "clocks", "clock_intervals", "case_steps", "case_words", "outbox")
"""Where a filed case leaves rows, in an order in which they may be written; and the counter of its day."""
CELL = "330106001001001"
Row = tuple[str, tuple[str, ...], tuple[Any, ...]]


def run() -> dict[str, float]:
    """All figures of the bench."""
    writers, each = WRITERS, int(os.environ.get("EACH", EACH))
    shares, filing, bare = [], [], []
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 (PostgreSQL runs as another user)
        server = CasesPostgres(Tools(CHECKOUT / "var").postgres(), Path(folder) / "pg", durable=True)
        server.start()
        try:
            for turn in range(ROUNDS):
                urls = [_empty(server, f"{name}_{turn}") for name in ("filed", "bare")]
                filing.append(_file(urls[0], writers, each))
                cases = _rows_of(urls[0], writers * each)
                _copy_ground(urls[0], urls[1])
                bare.append(_insert(urls[1], cases, writers))
                shares.append(filing[-1] / bare[-1])
                print(f"{filing[-1]:.0f} cases/s filed, {bare[-1]:.0f}/s bare inserts", flush=True)
        finally:
            server.stop()
    middle = sorted(range(ROUNDS), key=shares.__getitem__)[ROUNDS // 2]
    return {
        "x_bare_insert": round(shares[middle], 3),
        "filed_per_s": round(filing[middle], 1),
        "bare_per_s": round(bare[middle], 1),
        "rows_per_case": round(len([row for case in cases for row in case]) / len(cases), 1),
    }


def _empty(server: CasesPostgres, name: str) -> str:
    with _connect(server.url_of("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    url = server.url_of(name)
    upgrade(url)
    return url


def _connect(url: str, *, autocommit: bool = False) -> "psycopg.Connection[Any]":
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=autocommit)


def _file(url: str, writers: int, each: int) -> float:
    """Cases filed per second."""
    store = Store(url)
    with store.work() as work:
        agents = [User(login=f"a{n}", name=f"a{n}", post="agent", password="!") for n in range(writers)]
        work.session.add_all(
            [*agents, GridCell(code=CELL, name="一", ring=[[120, 30], [121, 30], [121, 31]])]
        )
        keep_calendar(work, city_calendar("Asia/Shanghai"))
    ids = [agent.id for agent in agents]

    def one(writer: int) -> None:
        for n in range(each):
            with store.work() as work:
                file_case(work, FileCase(
                    order=uuid7(), by=ids[writer], class_="government" if n % 2 else "social", kind="complaint",
                    title="路灯不亮", text=f"文三路 {writer * each + n} 号门口的路灯三天没有亮，请尽快派人来修。",
                    cell=CELL, number=f"139{writer:03d}{n:05d}", citizen="王女士", address=f"文三路 {n} 号",
                ))  # fmt: skip

    took = _together(writers, one)
    store.close()
    return writers * each / took


def _rows_of(url: str, cases: int) -> list[list[Row]]:
    """The rows of each case, in the order in which they may be written."""
    found: dict[Any, list[Row]] = {}
    with _connect(url) as on:
        owners = {row[0]: row[1] for row in on.execute("SELECT id, citizen FROM cases").fetchall()}
        contacts = {row[0]: row[1] for row in on.execute("SELECT contact, id FROM cases").fetchall()}
        clocks = {row[0]: row[1] for row in on.execute('SELECT id, "case" FROM clocks').fetchall()}
        citizens = {citizen: case for case, citizen in owners.items()}
        for table in TABLES:
            rows = on.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            names = tuple(column.name for column in rows.description or ())
            skip = {"id"} if table in ("clock_intervals", "case_steps", "case_words", "outbox") else set()
            for values in rows.fetchall():
                row = dict(zip(names, values, strict=True))
                case = {
                    "citizens": lambda r: citizens[r["id"]], "cases": lambda r: r["id"], "clocks": lambda r: r["case"],
                    "clock_intervals": lambda r: clocks[r["clock"]], "case_steps": lambda r: r["case"],
                    "case_words": lambda r: r["case"], "outbox": lambda r: contacts[r["contact"]],
                }[table](row)  # fmt: skip
                kept = {name: value for name, value in row.items() if name not in skip}
                found.setdefault(case, []).append((
                    table, tuple(kept),
                    tuple(Jsonb(value) if isinstance(value, dict | list) else value for value in kept.values()),
                ))  # fmt: skip
    if len(found) != cases:
        raise RuntimeError(f"{cases} cases were filed, {len(found)} are there")
    return list(found.values())


def _copy_ground(one: str, two: str) -> None:
    """What cases point to: people and the cell."""
    with _connect(one) as source, _connect(two) as target:
        for table in ("users", "grid_cells"):
            rows = source.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            names = tuple(column.name for column in rows.description or ())
            for values in rows.fetchall():
                row = tuple(Jsonb(value) if isinstance(value, dict | list) else value for value in values)
                target.execute(_statement(table, names), row)


def _insert(url: str, cases: Sequence[list[Row]], writers: int) -> float:
    """Cases per second whose rows were inserted, each case in a transaction."""
    statements = {row[:2]: _statement(*row[:2]) for case in cases for row in case}
    connections = [_connect(url) for _ in range(writers)]
    counter = (
        "INSERT INTO case_counters (key, last) VALUES (%s, 1)"
        " ON CONFLICT (key) DO UPDATE SET last = case_counters.last + 1 RETURNING last"
    )

    def one(writer: int) -> None:
        on = connections[writer]
        for n, case in enumerate(cases[writer::writers]):
            with on.transaction():
                on.execute(counter, [f"{n % 2}"]).fetchone()
                for table, names, values in case:
                    on.execute(statements[table, names], values)

    took = _together(writers, one)
    for on in connections:
        on.close()
    return len(cases) / took


def _statement(table: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )  # fmt: skip


def _together(writers: int, one: Callable[[int], None]) -> float:
    """Seconds until all are done that begin at once. Raises what one of them raised."""
    begin, failed = threading.Barrier(writers + 1), []

    def run(writer: int) -> None:
        begin.wait()
        try:
            one(writer)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    begin.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return time.perf_counter() - began
