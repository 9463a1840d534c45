"""`gridline token`: programs that use the API get a token, are listed, and are shown out."""

import argparse
from datetime import timedelta
from typing import Any

from conf.settings import Settings


def parser(commands: Any, command: Any) -> None:
    """Add the commands to the command line's."""
    token = commands.add_parser("token", help="programs that use the API").add_subparsers(
        required=True, metavar="COMMAND"
    )
    made = command("add", add, "make a token; prints its secret once", token)
    made.add_argument("name", help="what the program is called")
    made.add_argument("--user", required=True, help="the login of the user it acts for")
    made.add_argument(
        "--rights",
        required=True,
        help="'board.see contact.read call.*'; all that the user's post carries: '*'",
    )
    made.add_argument("--days", type=int, default=365, help="how long it lasts (default: 365)")
    command("list", show, "show every token: its user, end, last use and rights", token)
    command("revoke", revoke, "let a token open nothing, from now on", token).add_argument("name")


def add(settings: Settings, args: argparse.Namespace) -> int:
    """Make a token. Raises Refused."""
    from schema.desk import tokens
    from schema.store import Store

    days = min(max(args.days, 0), 99_999)  # what is out of bounds is the desk's to refuse
    with Store.of(settings).work() as work:
        secret = tokens.add(
            work, name=args.name, login=args.user, rights=args.rights.split(), lasts=timedelta(days=days)
        )
    print(f"token {args.name}\nsecret {secret}")
    return 0


def show(settings: Settings, _args: argparse.Namespace) -> int:
    """A line a token."""
    from schema.desk import tokens
    from schema.store import Store

    store = Store.of(settings)
    with store.read() as session:
        rows = tokens.listing(session)
    for row, login in rows:
        ended = "revoked" if row.revoked_at else "ended" if row.ends_at <= store.clock() else "until"
        at = (row.revoked_at or row.ends_at).astimezone(store.zone).date()
        used = f"{row.used_at.astimezone(store.zone):%Y-%m-%d %H:%M}" if row.used_at else "never"
        print(f"{row.name}  for {login}  {ended} {at}  used {used}  {' '.join(row.rights)}")
    return 0


def revoke(settings: Settings, args: argparse.Namespace) -> int:
    """End a token. Raises Refused."""
    from schema.desk import tokens
    from schema.store import Store

    with Store.of(settings).work() as work:
        tokens.revoke(work, args.name)
    print(f"token {args.name} is revoked")
    return 0
