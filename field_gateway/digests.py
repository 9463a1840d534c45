"""The daily digest: what the ledger of a day of the field was, in a few hashes, signed by the site.

A file ``field-DAY.json`` below ``var/digests`` and its signature beside it (``.sig``, 64 bytes: Ed25519, RFC 8032,
over the file's bytes), so that `openssl pkeyutl -verify -rawin` says whether it is the site's. Each names the SHA-256
of the one before. Kept elsewhere, they prove for good what the site had accepted, and that nothing of it was changed.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from sqlalchemy import func, select, tuple_

from conf.fieldsettings import Field
from conf.settings import Settings
from field_gateway.sitekey import PublicKey, SiteKey
from schema.desk import inbox
from schema.handsets import InboxRow, Media
from schema.rules.merkle import leaf, root
from schema.store import Store

FORM = "gridline field digest 1"
SETTLED = timedelta(minutes=10)
"""So long after midnight a day may still get a message: one whose commit took its time."""
PAGE = 5000


class NoDigest(Exception):
    """There is no such digest, or it cannot be made; the text is for people."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of one site in `folder`, signed with `key`. Messages of positions stay for `position_days`."""

    store: Store
    folder: Path
    key: SiteKey
    position_days: int = Field().position_days

    def file(self, day: date) -> Path:
        """Where the digest of a day lies."""
        return self.folder / f"field-{day.isoformat()}.json"

    def days(self) -> list[date]:
        """The days there are digests of, in order."""
        found = sorted(self.folder.glob("field-????-??-??.json.sig"))
        return [date.fromisoformat(file.name[6:16]) for file in found]

    def first(self) -> date | None:
        """The local day of the first message there is; None before one."""
        with self.store.read() as session:
            at = session.scalar(select(func.min(InboxRow.at)))
        return at.astimezone(self.store.zone).date() if at else None

    def make(self, day: date) -> Path:
        """Make a day's digest, unless there is one. Raises NoDigest for a day that is not over, StoreUnreachable."""
        file = self.file(day)
        if not self.store.clock() > span(day, self.store.zone)[1] + SETTLED:
            raise NoDigest(f"{day} is not over: its digest is made ten minutes after midnight")
        if _beside(file).exists():
            return file
        said = {
            "form": FORM,
            "day": day.isoformat(),
            "zone": self.store.zone.key,
            "before": self._before(day),
        }
        body = json.dumps(said | counted(self.store, day), indent=1, sort_keys=True).encode() + b"\n"
        # The signature comes last: without one there is no digest. Of two processes at once both sign the first's body.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(file, body)
        _write(_beside(file), self.key.sign(file.read_bytes()))
        return file

    def troubles(self, day: date, public: PublicKey | None = None) -> list[str]:
        """What is wrong with a day's digest, or with the rows of that day. Raises NoDigest, StoreUnreachable."""
        file = self.file(day)
        try:
            body, signature = file.read_bytes(), _beside(file).read_bytes()
        except FileNotFoundError:
            raise NoDigest(f"there is no digest of {day} in {self.folder}") from None
        try:
            (public or self.key.public()).verify(signature, body)
        except InvalidSignature:
            return [f"{file.name} is not what this key signed"]
        said = json.loads(body)
        found = []
        if said["before"] != self._before(day):
            found.append(f"{file.name} follows another digest than the one that lies before it")
        now = counted(self.store, day)
        ageing = {inbox.AGEING} if self.is_old(day) else set()
        for what in sorted({*said["messages"], *now["messages"]} - ageing):
            found += _compared(
                f"messages of the kind {what}", said["messages"].get(what), now["messages"].get(what)
            )
        return found + _compared("media", said["media"], now["media"])

    def is_old(self, day: date) -> bool:
        """Whether the messages of positions of that day are let go, as the positions are."""
        return span(day, self.store.zone)[1] + timedelta(days=self.position_days) < self.store.clock()

    def _before(self, day: date) -> str:
        earlier = [one for one in self.days() if one < day]
        return hashlib.sha256(self.file(earlier[-1]).read_bytes()).hexdigest() if earlier else ""


def digests_of(settings: Settings, store: Store) -> Digests:
    """The digests of a site."""
    days = settings.field.position_days
    return Digests(store, settings.var / "digests", SiteKey(settings.var / "keys" / "field.key"), days)


def counted(store: Store, day: date) -> dict[str, Any]:
    """The messages accepted on a local day, by kind, and the media that became whole: how many, and the root of their
    leaves. Raises StoreUnreachable."""
    since, until = span(day, store.zone)
    leaves: dict[str, list[bytes]] = {}
    for row in _accepted(store, since, until):
        leaves.setdefault(row.kind, []).append(leaf(ledger_line(row)))
    with store.read() as session:
        whole = select(Media.id, Media.report, Media.size, Media.sha256).where(
            Media.state == "whole", Media.whole_at >= since, Media.whole_at < until
        )
        media = [leaf(_line(*row)) for row in session.execute(whole)]
    return {
        "messages": {kind: {"count": len(of), "root": root(of)} for kind, of in leaves.items()},
        "media": {"count": len(media), "root": root(media)},
    }


def ledger_line(row: InboxRow) -> bytes:
    """What a leaf says of a message: a JSON array of device, id, kind, hash of the body, receipt, and when."""
    return _line(row.device, row.id, row.kind, row.body_hash, row.receipt, row.at)


def _accepted(store: Store, since: datetime, until: datetime) -> Iterator[InboxRow]:
    last: tuple[datetime, str, UUID] | None = None
    order = (InboxRow.at, InboxRow.device, InboxRow.id)
    while True:
        query = select(InboxRow).where(InboxRow.at >= since, InboxRow.at < until).order_by(*order).limit(PAGE)
        if last is not None:
            query = query.where(tuple_(*order) > last)
        with store.read() as session:
            page = list(session.scalars(query))
        yield from page
        if len(page) < PAGE:
            return
        last = (page[-1].at, page[-1].device, page[-1].id)


def _line(*fields: object) -> bytes:
    return json.dumps(
        fields, default=_text, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def _text(value: object) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a local day begins and ends."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _compared(what: str, said: dict[str, Any] | None, now: dict[str, Any] | None) -> list[str]:
    if said == now:
        return []
    then, here = (one["count"] if one else 0 for one in (said, now))
    return [f"{what}: {then} were signed, {here} are there now{', other ones' if then == here else ''}"]


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".sig")


def _write(file: Path, data: bytes) -> None:
    """Write a file whole, unless it is there."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
    finally:
        draft.unlink(missing_ok=True)
