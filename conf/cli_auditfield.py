"""`gridline audit field`: holds what the field was told against what is stored, and signs each day."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from conf.settings import BadSettings, Settings

if TYPE_CHECKING:
    from field_gateway.audit import Claim


def parser(audits: Any, command: Any) -> None:
    """Add the command to `gridline audit`."""
    field = command(
        "field",
        run,
        "check that every message of a handset that was accepted is stored once, as its receipt says, and every photo "
        "as it was announced; exit code 1 if not",
        audits,
    )
    field.add_argument("--since", default="", help="accepted from this local date or time on")
    field.add_argument("--until", default="", help="up to this local date (its whole day) or time")
    field.add_argument("--quick", action="store_true", help="do not hash the photos")
    field.add_argument(
        "--receipts",
        type=Path,
        metavar="FILE",
        help='receipts of handsets, which must be in the ledger; a line each: {"device": …, "id": …, "row_hash": …}; '
        'with "kind" too, one of positions that are let go is told from one that is lost',
    )
    field.add_argument(
        "--digest", metavar="DAY", help="make the signed digest of a day that is over (else each night does)"
    )
    field.add_argument(
        "--verify", metavar="DAY", help="check a day's digest: its signature, and the rows against it"
    )
    field.add_argument(
        "--key", type=Path, metavar="FILE", help="the public key to check with (default: the site's own)"
    )


def run(settings: Settings, args: argparse.Namespace) -> int:
    """Audit, make a digest, or check one. Raises BadSettings, StoreUnreachable."""
    from field_gateway.digests import NoDigest, digests_of
    from field_gateway.sitekey import BadKey
    from schema.store import Store

    store = Store.of(settings)
    try:
        if args.digest:
            print(digests_of(settings, store).make(_day(args.digest)))
            return 0
        return _verify(settings, store, args) if args.verify else _audit(settings, store, args)
    except (NoDigest, BadKey) as error:
        raise BadSettings(str(error)) from error
    finally:
        store.close()


def _audit(settings: Settings, store: Any, args: argparse.Namespace) -> int:
    from conf.cli_audit import moment
    from field_gateway.audit import audit

    since = moment(args.since, store.zone) or datetime.min.replace(tzinfo=UTC)
    until = moment(args.until, store.zone, whole_day=True) or datetime.max.replace(tzinfo=UTC)
    found = audit(
        store,
        settings.vault,
        since,
        until,
        claims=_claims(args.receipts),
        position_days=settings.field.position_days,
        rehash=not args.quick,
        progress=_progress,
    )
    for line in found.differences:
        print(line)
    bad = len(found.differences)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.messages.items()))
    held = f", {found.claims} receipts of handsets" if args.receipts else ""
    if found.aged:
        held += f" ({found.aged} older than positions are kept, of which nothing can be said)"
    print(
        f"{found.messages.total()} messages accepted{f' ({kinds})' if kinds else ''}, {found.reports} reports, "
        f"{found.media} media{'' if args.quick else f' of {found.bytes:,} bytes hashed'}{held}, "
        f"{bad or 'no'} difference{'' if bad == 1 else 's'}"
    )
    return 1 if bad else 0


def _verify(settings: Settings, store: Any, args: argparse.Namespace) -> int:
    from field_gateway.digests import digests_of
    from field_gateway.sitekey import read_public

    day = _day(args.verify)
    public = read_public(args.key) if args.key else None
    digests = digests_of(settings, store)
    troubles = digests.troubles(day, public)
    for line in troubles:
        print(f"BROKEN: {line}")
    if not troubles:
        old = "; positions of that day are let go" if digests.is_old(day) else ""
        print(f"{day}: the signature is good, and the rows are those that were signed{old}")
    return 1 if troubles else 0


def _claims(file: Path | None) -> "Iterator[Claim]":
    from field_gateway.audit import Claim

    if file is None:
        return
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                said = json.loads(line)
                yield Claim(
                    str(said["device"]),
                    UUID(said["id"]),
                    str(said.get("row_hash") or ""),
                    str(said.get("kind") or ""),
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                raise BadSettings(
                    f'{file}, line {number}: write {{"device": …, "id": …, "row_hash": …}}'
                ) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSettings(f"{text!r} is no day: write 2026-03-04") from None


def _progress(done: int) -> None:
    if done and done % 20_000 == 0:
        print(f"{done} messages", file=sys.stderr, flush=True)
