"""The same cases in a SQLite file, kept under var/bench for the next run."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bench.rig.caserows import COLUMNS, Town, lines
from conf.settings import CHECKOUT
from schema.upgrade import upgrade

CHUNK = 5_000


def lite(total: int, folder: Path | None = None) -> str:
    """The address of a SQLite database with so many cases, made when it is not there."""
    folder = folder or CHECKOUT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"cases-{total}.sqlite"
    if not file.exists():
        half = file.with_suffix(".half")
        half.unlink(missing_ok=True)
        upgrade(f"sqlite:///{half}")
        _fill(half, total)
        half.rename(file)
    return f"sqlite:///{file}"


def _fill(file: Path, total: int) -> None:
    on = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-200000"):
        on.execute(f"PRAGMA {pragma}").close()
    town = Town(
        [f"{n:08x}00007000800000000000aaaa" for n in range(50)],
        [f"{n:08x}00007000800000000000bbbb" for n in range(300)],
        [f"3301{n % 10:02d}{n // 100 % 20 + 1:03d}001{n % 999 + 1:03d}" for n in range(2_000)],
        datetime.now(UTC),
    )
    on.execute("BEGIN")
    for post, ids in (("agent", town.agents), ("worker", town.workers)):
        on.executemany(
            "INSERT INTO users (id, login, name, post, language, password, mobile, active, failures)"
            " VALUES (?, ?, ?, ?, 'zh', '!', '', 1, 0)",
            [(id, f"{post}{n}", f"{post} {n}", post) for n, id in enumerate(ids)],
        )
    on.executemany(
        "INSERT INTO grid_cells (code, name, ring, area) VALUES (?, ?, '[[120,30],[120,31],[121,30]]', 0)",
        [(cell, "网格") for cell in town.cells],
    )
    for first in range(0, total, CHUNK):
        rows: dict[str, list[list[str | None]]] = {}
        for n in range(first, min(first + CHUNK, total)):
            for table, text in lines(n, total, town).items():
                rows.setdefault(table, []).extend(_values(table, line) for line in text.splitlines())
        for row in rows["cases"]:
            row[COLUMNS["cases"].index("citizen")] = None
        for table, values in rows.items():
            columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
            marks = ", ".join("?" * len(COLUMNS[table]))
            on.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608
    on.execute("COMMIT")
    on.execute("INSERT INTO case_fts(case_fts) VALUES ('optimize')")
    on.execute("ANALYZE")
    on.close()


def _values(table: str, line: str) -> list[str | None]:
    return [
        None if text == r"\N" else _time(text) if name.endswith("_at") or name == "at" else _plain(text)
        for name, text in zip(COLUMNS[table], line.split("\t"), strict=True)
    ]


def _plain(text: str) -> str:
    return {"f": "0", "t": "1"}.get(text, text)


def _time(text: str) -> str:
    """As SQLAlchemy keeps a time there."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S.%f")
