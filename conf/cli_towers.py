"""`gridline towers`: the table of radio cells by which handsets without satellites are placed."""

import argparse
import csv
import gzip
import io
import sys
from itertools import islice
from pathlib import Path
from typing import IO, Any

from conf.settings import BadSettings, Settings

CHUNK = 5_000
TOLD = 20
"""Lines that are no cell, told one by one; the rest is counted."""


def parser(commands: Any, command: Any) -> None:
    """Add the commands to `gridline`."""
    towers = commands.add_parser("towers", help="radio cells and where they are").add_subparsers(
        required=True, metavar="COMMAND"
    )
    taken = command(
        "import", _import, "take cells over from a file as OpenCelliD has it (CSV, also .gz)", towers
    )
    taken.add_argument("file", type=Path)
    taken.add_argument(
        "--mcc", type=int, action="append", default=[], help="only of this country (460: China)"
    )
    taken.add_argument("--box", default="", help="only within these degrees: west,south,east,north")


def _import(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.towers import take_towers, towers_known
    from schema.rules.towerfiles import Area, BadRow, read_box, read_rows
    from schema.store import Store
    from schema.upgrade import upgrade

    try:
        area = Area(frozenset(args.mcc), read_box(args.box) if args.box else None)
    except ValueError as error:
        raise BadSettings(f"--box {args.box!r}: {error}") from error
    settings.var.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    store = Store.of(settings)
    read = taken = wrong = 0
    try:
        with _opened(args.file) as file:
            rows = read_rows(csv.reader(file))
            while some := list(islice(rows, CHUNK)):
                cells = []
                for number, radio, cell in some:
                    if isinstance(cell, BadRow):
                        wrong += 1
                        if wrong <= TOLD:
                            print(f"{args.file}:{number}: {cell}", file=sys.stderr)
                    elif area.has(cell):
                        cells.append((radio, cell))
                read += len(some)
                with store.work() as work:
                    taken += take_towers(work, cells)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadSettings(f"{args.file}: {error}") from error
    finally:
        with store.read() as session:
            known = towers_known(session)
        store.close()
    if wrong > TOLD:
        print(f"… and {wrong - TOLD} more lines that are no cell", file=sys.stderr)
    print(
        f"{read} lines read, {taken} cells added or changed, {wrong} lines refused; {known} cells are known"
    )
    return 1 if wrong and not taken else 0


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
