"""`gridline recordings`: the site key that wraps the keys of recordings."""

import argparse
from typing import Any

from conf.settings import Settings


def parser(commands: Any, command: Any) -> None:
    """Add the commands to `gridline`."""
    recordings = commands.add_parser("recordings", help="the keys of recordings").add_subparsers(
        required=True, metavar="COMMAND"
    )
    turned = command(
        "turn-key", turn_key, "make a new site key and wrap all keys of recordings by it", recordings
    )
    turned.add_argument(
        "--finish", action="store_true", help="make no new key: wrap what an interrupted run has left"
    )


def turn_key(settings: Settings, args: argparse.Namespace) -> int:
    """The files of recordings stay as they are. Raises BadSeal, StoreUnreachable."""
    from recordings.rekey import rewrap
    from recordings.vault import sealer_of
    from schema.store import Store

    store, sealer = Store.of(settings), sealer_of(settings)
    try:
        if not args.finish:
            sealer.turn()
        done = rewrap(store, sealer, lambda so_far: print(f"{so_far} keys", flush=True) if so_far else None)
    finally:
        store.close()
    print(
        f"{done} keys are wrapped by the site's first key. Check with `gridline audit recordings`; then lines below "
        "the first of the file of keys are needed for backups of the database alone."
    )
    return 0
