"""`gridline audit`: holds the books against the PBX's own logs and the handsets, and the audit log against itself."""

import argparse
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from conf import cli_auditfield
from conf.settings import BadSettings, Settings


def parser(commands: Any, command: Any) -> None:
    """Add the commands to `gridline`."""
    audits = commands.add_parser(
        "audit", help="hold the books against the PBX, and the log against itself"
    ).add_subparsers(required=True, metavar="COMMAND")
    calls = command(
        "calls",
        compare_calls,
        "compare the records of calls with the PBX's own logs; exit code 1 if they differ",
        audits,
    )
    calls.add_argument(
        "--since", default="", help="from this local date or time on, 2026-03-04 or 2026-03-04T08:30"
    )
    calls.add_argument("--until", default="", help="up to this local date (its whole day) or time")
    sounds = command(
        "recordings",
        check_recordings,
        "check that every answered leg has its recording and every file an owner, unchanged; exit code 1 if not",
        audits,
    )
    sounds.add_argument("--since", default="", help="recordings from this local date or time on")
    sounds.add_argument("--until", default="", help="up to this local date (its whole day) or time")
    sounds.add_argument("--quick", action="store_true", help="do not open the files and hash what is in them")
    cli_auditfield.parser(audits, command)
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


def check_recordings(settings: Settings, args: argparse.Namespace) -> int:
    """Hold legs, recordings and files against each other."""
    from recordings.audit import audit
    from recordings.play import Player
    from recordings.vault import shelf_of
    from schema.store import Store

    store = Store.of(settings)
    try:
        since = moment(args.since, store.zone) or datetime.min.replace(tzinfo=UTC)
        until = moment(args.until, store.zone, whole_day=True) or datetime.max.replace(tzinfo=UTC)
        found = audit(
            store,
            Player(settings, store),
            shelf_of(settings),
            since,
            until,
            rehash=not args.quick,
            progress=_progress,
        )
    finally:
        store.close()
    for line in found.differences:
        print(line)
    bad = len(found.differences)
    print(
        f"{found.legs} answered legs, {found.recordings} recordings, {found.files} files of {found.bytes:,} bytes"
        f"{'' if args.quick else ' hashed'}, {bad or 'no'} difference{'' if bad == 1 else 's'}"
    )
    return 1 if bad else 0


def _progress(done: int, of: int) -> None:
    if done and done % 500 == 0:
        print(f"{done} of {of} recordings", file=sys.stderr, flush=True)


def compare_calls(settings: Settings, args: argparse.Namespace) -> int:
    """Compare the records of calls with what each PBX wrote down itself."""
    from cti.audit import audit
    from schema.store import Store

    store = Store.of(settings)
    since = moment(args.since, store.zone) or datetime.min.replace(tzinfo=UTC)
    until = moment(args.until, store.zone, whole_day=True) or datetime.max.replace(tzinfo=UTC)
    bad = 0
    try:
        for pbx in settings.pbxs:
            with store.read() as session:
                log = settings.var / "log" / pbx.folder
                found = audit(session, pbx.node, pbx.trunk_user, log, since, until)
            for line in found.differences:
                print(f"{pbx.node}  {line}")
            bad += len(found.differences)
            print(
                f"{pbx.node}: {found.channels} channels at the PBX, {found.legs} legs in the rows, "
                f"{len(found.differences) or 'no'} difference{'' if len(found.differences) == 1 else 's'}"
            )
    finally:
        store.close()
    return 1 if bad else 0


def moment(text: str, zone: tzinfo, *, whole_day: bool = False) -> datetime | None:
    """A local date or time in UTC; None for "". Raises BadSettings."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadSettings(f"{text!r} is no date or time: write 2026-03-04 or 2026-03-04T08:30") from None
    if whole_day and len(text) == 10:
        moment += timedelta(days=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
