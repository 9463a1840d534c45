"""`gridline audit log`: reads the whole chain of the audit log and says whether it holds."""

import argparse
from typing import Any

from conf.settings import BadSettings, Settings


def parser(audits: Any, command: Any) -> None:
    """Add the command to `gridline audit`."""
    log = command(
        "log",
        verify,
        "check that no row of the audit log was changed, removed or slipped in; exit code 1 if one was",
        audits,
    )
    log.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="a head noted earlier (the site's log has them): the chain must still run through it; may be repeated",
    )


def verify(settings: Settings, args: argparse.Namespace) -> int:
    """Read the chain. Raises BadSettings for what is no head, StoreUnreachable."""
    from schema.desk import audit
    from schema.rules.auditchain import head_of
    from schema.store import Store

    try:
        noted = [head_of(text) for text in args.head]
    except ValueError as error:
        raise BadSettings(f"--head {error}") from None
    store = Store.of(settings)
    try:
        found = audit.verify(store, noted)
    finally:
        store.close()
    if found.trouble:
        print(f"BROKEN: {found.trouble}")
        print(f"{found.rows} rows before it hold" if found.rows else "no row before it holds")
        return 1
    through = f", and it runs through {len(noted)} noted head{'s'[: len(noted) != 1]}" if noted else ""
    print(f"{found.rows} rows, the chain holds{through}")
    print(f"head {found.head}")
    if not noted:
        print("whether rows were cut off its end only a head noted earlier can tell: --head NUMBER:HASH")
    return 0
