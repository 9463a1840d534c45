"""A PostgreSQL of many cases, kept under var/bench/cases for the next run: filled by COPY, then indexed.

One database for each number of cases. What is done is written down in it (`bench_done`), a chunk in the transaction
that brings it, an index in the one that makes it; so a run that is cut off goes on where it was.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from bench.rig.caserows import COLUMNS, Town, callers_of, citizens, lines
from conf.postgres import PrivatePostgres
from conf.settings import CHECKOUT
from conf.tools import Tools
from schema.upgrade import upgrade

CHUNK = 20_000
AGENTS, WORKERS, CELLS = 50, 300, 2_000
TABLES = ("citizens", "cases", "case_steps", "calls", "case_words")
Connection = psycopg.Connection[Any]


class CasesPostgres(PrivatePostgres):
    """A cluster with memory for many cases; what it loses in a power cut is made again."""

    def _options(self) -> list[str]:
        settings = {
            "shared_buffers": "1GB", "effective_cache_size": "8GB", "maintenance_work_mem": "1GB", "work_mem": "32MB",
            "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0", "random_page_cost": "1.1",
            "checkpoint_timeout": "30min", "jit": "off",
        }  # fmt: skip
        return super()._options() + [
            word for name, value in settings.items() for word in ("-c", f"{name}={value}")
        ]


@contextmanager
def cases_postgres(folder: Path | None = None, *, durable: bool = False) -> Iterator[CasesPostgres]:
    """The cluster, running."""
    server = CasesPostgres(
        Tools(CHECKOUT / "var").postgres(), folder or CHECKOUT / "var" / "bench" / "cases", durable=durable
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()


def filled(server: PrivatePostgres, total: int, say: Callable[[str], None] = print) -> str:
    """The address of a database with so many cases, filled as far as it is not yet."""
    url = server.url_of(f"cases_{total}")
    with connect(server.url_of("postgres")) as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"cases_{total}"]).fetchone()
        if known is None:
            admin.execute(f"CREATE DATABASE cases_{total} TEMPLATE template0")
    upgrade(url)
    with connect(url) as on:
        on.execute("SET synchronous_commit = off")
        on.execute(
            "CREATE TABLE IF NOT EXISTS bench_done (what text PRIMARY KEY, at timestamptz DEFAULT now())"
        )
        on.execute("CREATE TABLE IF NOT EXISTS bench_ddl (n serial, name text, make text)")
        town = _town(on)
        _fill(on, total, town, say)
        _index(on, say)
    return url


def connect(url: str) -> Connection:
    """A connection that commits by itself."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _town(on: Connection) -> Town:
    """People and cells, made when absent."""
    now = on.execute("SELECT min(at) FROM bench_done WHERE what = 'begun'").fetchone()
    if now is None or now[0] is None:
        with on.transaction():
            on.execute("INSERT INTO bench_done (what) VALUES ('begun')")
            people = [("agent", n) for n in range(AGENTS)] + [("worker", n) for n in range(WORKERS)]
            for post, n in people:
                on.execute(
                    "INSERT INTO users (id, login, name, post, language, password, mobile, active, failures)"
                    " VALUES (%s, %s, %s, %s, 'zh', '!', '', true, 0)",
                    [f"{n:08x}00007000800000000000{'aaaa' if post == 'agent' else 'bbbb'}", f"{post}{n}",
                     f"{post} {n}", post],
                )  # fmt: skip
            for n in range(CELLS):
                on.execute(
                    "INSERT INTO grid_cells (code, name, ring, area)"
                    " VALUES (%s, %s, '[[120,30],[121,30],[121,31]]', 0)",
                    [f"3301{n % 10:02d}{n // 100 % 20 + 1:03d}001{n % 999 + 1:03d}", f"网格{n}"],
                )  # fmt: skip
        now = on.execute("SELECT min(at) FROM bench_done WHERE what = 'begun'").fetchone()
    assert now is not None
    ids = dict(on.execute("SELECT post, array_agg(id::text ORDER BY id) FROM users GROUP BY post").fetchall())
    cells = [row[0] for row in on.execute("SELECT code FROM grid_cells ORDER BY code").fetchall()]
    begun: datetime = now[0]
    return Town(ids["agent"], ids["worker"], cells, begun.astimezone(UTC))


def _fill(on: Connection, total: int, town: Town, say: Callable[[str], None]) -> None:
    done = {row[0] for row in on.execute("SELECT what FROM bench_done").fetchall()}
    chunks = [first for first in range(0, total, CHUNK) if f"chunk {first}" not in done]
    people = [first for first in range(0, callers_of(total), CHUNK * 5) if f"people {first}" not in done]
    if chunks or people:
        _drop_indexes(on)
    for first in people:
        with on.transaction():
            last = min(first + CHUNK * 5, callers_of(total))
            _copy(on, "citizens", "".join(citizens(total, first, last, town)))
            on.execute("INSERT INTO bench_done (what) VALUES (%s)", [f"people {first}"])
    began, made = time.monotonic(), 0
    for first in chunks:
        last = min(first + CHUNK, total)
        texts: dict[str, list[str]] = {table: [] for table in TABLES}
        for n in range(first, last):
            for table, text in lines(n, total, town).items():
                texts[table].append(text)
        with on.transaction():
            for table in TABLES[1:]:
                _copy(on, table, "".join(texts[table]))
            on.execute("INSERT INTO bench_done (what) VALUES (%s)", [f"chunk {first}"])
        made += last - first
        rate = made / (time.monotonic() - began)
        say(f"{last:,} of {total:,} cases, {rate:,.0f}/s, {(total - last) / rate / 60:.0f} min left")


def _copy(on: Connection, table: str, text: str) -> None:
    columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
    with on.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write(text)


def _drop_indexes(on: Connection) -> None:
    """Write down how keys and indexes are made, and drop them: a table without fills many times faster."""
    tables = list(TABLES)
    with on.transaction():
        keys = on.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), contype FROM pg_constraint"
            " WHERE (conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s))"
            " AND contype IN ('p','u','f')"
            " ORDER BY contype = 'f' DESC, conname",
            [tables, tables],
        ).fetchall()
        indexes = on.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public'"
            " AND indexname <> ALL(%s)",
            [tables, [name for name, _, _, kind in keys if kind != "f"]],
        ).fetchall()
        for name, define in indexes:
            on.execute("INSERT INTO bench_ddl (name, make) VALUES (%s, %s)", [name, define])
            on.execute(f'DROP INDEX "{name}"')
        for name, table, _, _ in keys:
            on.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, table, define, kind in reversed(keys):
            make = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {define}' + (
                " NOT VALID" if kind == "f" else ""
            )
            on.execute("INSERT INTO bench_ddl (name, make) VALUES (%s, %s)", [name, make])


def _index(on: Connection, say: Callable[[str], None]) -> None:
    """Make what was dropped again: indexes and keys first, then what points to them; then look at the data."""
    left = on.execute(
        "SELECT n, name, make FROM bench_ddl ORDER BY make LIKE '%%FOREIGN KEY%%', n"
    ).fetchall()
    for number, name, make in left:
        began = time.monotonic()
        with on.transaction():
            on.execute(make)
            on.execute("DELETE FROM bench_ddl WHERE n = %s", [number])
        say(f"{name}: {time.monotonic() - began:.0f} s")
    if left:
        on.execute("VACUUM ANALYZE")
