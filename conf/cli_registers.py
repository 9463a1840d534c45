"""`gridline registers`: registers 台账 filled from files too large for a page, or by night from another system's."""

import argparse
import sys
from pathlib import Path
from typing import Any

from conf.settings import BadSettings, Settings


def parser(commands: Any, command: Any) -> None:
    """Add the commands to `gridline`."""
    registers = commands.add_parser("registers", help="what the street and the desks look up").add_subparsers(
        required=True, metavar="COMMAND"
    )
    taken = command(
        "import", _import, "put a sheet (CSV, UTF-8 or GB 18030) into a register, as its next version", registers
    )  # fmt: skip
    taken.add_argument("name", help="the register's short name, as in addresses")
    taken.add_argument("file", type=Path)
    taken.add_argument("--title", default="", help="its Chinese name: make the register if it is not there")
    taken.add_argument("--merge", action="store_true", help="add and change rows, and remove none")
    taken.add_argument("--leave-out", action="store_true", help="leave faulty rows out, and take the others")


def _import(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.errors import Refused
    from schema.desk.registers import import_register, make_register, taken
    from schema.orders import ImportRegister, MakeRegister
    from schema.registers import Register
    from schema.rules.registers import MERGE, REPLACE, BadSheet, decode
    from schema.store import Store
    from schema.upgrade import upgrade

    try:
        text = decode(args.file.read_bytes())
    except (OSError, BadSheet) as error:
        raise BadSettings(f"{args.file}: {error}") from error
    settings.var.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    store, way = Store.of(settings), MERGE if args.merge else REPLACE
    try:
        with store.work() as work:
            register = work.session.get(Register, args.name)
            if register is None and args.title:
                register = make_register(work, MakeRegister(name=args.name, zh=args.title))
            if register is None:
                raise BadSettings(f"there is no register {args.name!r}; --title makes one")
            for fault in taken(register, text, way).faults:
                print(f"{args.file}:{fault.line}: {fault.column} {fault.why}", file=sys.stderr)
            order = ImportRegister(
                register=args.name, version=register.version, way=way, text=text, file=args.file.name[-100:],
                leave_out=args.leave_out,
            )  # fmt: skip
            done = import_register(work, order)
            print(
                f"{args.name} is at version {done.version}: {done.added} added, {done.changed} changed, "
                f"{done.removed} removed, {done.faulty} left out"
            )
    except Refused as refused:
        raise BadSettings(f"{args.file}: {refused}") from refused
    finally:
        store.close()
    return 0
