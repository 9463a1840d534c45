"""The inbox desk: what each handset has already said, what it said twice in two ways, and what was refused."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, cast, delete, exists, func, select, tuple_
from sqlalchemy.orm import Session

from schema.facts import MessageRefused
from schema.fieldmessages import Poison
from schema.handsets import Handset, InboxConflict, InboxRow, Refusal
from schema.store import UnitOfWork

Key = tuple[str, UUID]
"""Device and id of a message."""
AGEING = "position"
"""The kind of which nothing stays for good, so its messages do not stay in the ledger either."""
MOST_IDS = 100


def alone(work: UnitOfWork, devices: Iterable[str]) -> dict[str, Handset]:
    """Those of these handsets that there are; what each says is taken one at a time from here on.

    The same message may come at once by the broker and over HTTP: the second waits for the first, and finds it.
    Locked in the order of their names, so that two who want the same ones do not wait for each other.
    """
    query = select(Handset).where(Handset.device.in_(sorted(devices))).order_by(Handset.device)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {one.device: one for one in work.session.scalars(query)}


def known(session: Session, keys: Iterable[Key]) -> dict[Key, tuple[str, dict[str, Any]]]:
    """The accepted ones of these messages: the hash of the body, and the receipt."""
    wanted = sorted(keys)
    query = select(InboxRow.device, InboxRow.id, InboxRow.body_hash, InboxRow.receipt)
    if session.get_bind().dialect.name == "postgresql":
        # A join, not "IN": of hundreds of pairs the server would make hundreds of conditions.
        devices = cast([device for device, _ in wanted], ARRAY(String))
        ids = cast([id for _, id in wanted], ARRAY(Uuid))
        pairs = func.unnest(devices, ids).table_valued("device", "id").render_derived("asked")
        query = query.join(pairs, (InboxRow.device == pairs.c.device) & (InboxRow.id == pairs.c.id))
    else:
        query = query.where(tuple_(InboxRow.device, InboxRow.id).in_(wanted))
    return {(device, id): (sha256, receipt) for device, id, sha256, receipt in session.execute(query)}


def accept(
    work: UnitOfWork, *, device: str, id: UUID, body_hash: str, kind: str, seq: int, receipt: dict[str, Any]
) -> None:
    """Remember a message with the receipt that answers it, now and every time it comes again."""
    work.session.write(
        InboxRow, device=device, id=id, body_hash=body_hash, kind=kind, seq=seq, receipt=receipt, at=work.now
    )


def kept_from(session: Session, device: str, seq: int, but: UUID) -> tuple[UUID, ...]:
    """Messages of a device from a number on that are kept, by their numbers, at most `MOST_IDS`; not the one `but`.

    By their ids, not by "all up to here": a handset that was restored from a copy may use its numbers again.
    """
    query = (
        select(InboxRow.id, InboxRow.receipt)
        .where(InboxRow.device == device, InboxRow.seq >= seq, InboxRow.id != but)
        .order_by(InboxRow.seq)
        .limit(MOST_IDS)
    )
    # What was answered by something else than "kept" is to be answered so again.
    return tuple(row.id for row in session.execute(query) if row.receipt["status"] == "kept")


def let_go(work: UnitOfWork, since: datetime, until: datetime, most: int) -> int:
    """Forget that positions were accepted from `since` on and before `until`, of at most so many messages; of how many.

    What they said has to be gone already: the same message would be taken as a new one.
    """
    key = tuple_(InboxRow.device, InboxRow.id)
    some = (
        select(InboxRow.device, InboxRow.id)
        .where(InboxRow.at >= since, InboxRow.at < until, InboxRow.kind == AGEING)
        .limit(most)
    )
    gone: Any = work.session.execute(
        delete(InboxRow).where(key.in_(some)).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)


def set_aside(work: UnitOfWork, *, device: str, topic: str, id: UUID | None, body_hash: str, body: bytes,
              reason: str) -> bool:  # fmt: skip
    """Keep a message that nobody could take, whole, once, with the reason; whether it is new."""
    reason = _kept(reason, 300)
    row = work.session.scalar(select(Poison).where(Poison.body_hash == body_hash).with_for_update())
    if row is not None:
        row.count += 1
        row.reason, row.last_at = reason, work.now
        return False
    work.session.add(
        Poison(device=_kept(device, 60), topic=_kept(topic, 120), id=id, body_hash=body_hash, body=body,
               reason=reason, count=1, first_at=work.now, last_at=work.now)
    )  # fmt: skip
    return True


def keep_conflict(work: UnitOfWork, *, device: str, id: UUID, body_hash: str, body: str) -> bool:
    """Keep a message that reuses an id with another body, once, for review; whether it is new."""
    if work.session.scalar(select(exists().where(InboxConflict.body_hash == body_hash))):
        return False
    body = body.replace("\0", "\N{REPLACEMENT CHARACTER}")
    work.session.add(InboxConflict(device=device, id=id, body_hash=body_hash, body=body, at=work.now))
    return True


def refuse(work: UnitOfWork, *, device: str, topic: str, code: str, reason: str, count: int = 1) -> bool:
    """Count refused messages under device and code; whether these are the first, which alone make a fact."""
    device, topic, reason = _kept(device, 60), _kept(topic, 120), _kept(reason, 300)
    row = work.session.get(Refusal, (device, code))
    if row is not None:
        row.count += count
        row.reason, row.topic, row.last_at = reason, topic, work.now
        return False
    work.session.add(
        Refusal(
            device=device,
            code=code,
            reason=reason,
            topic=topic,
            count=count,
            first_at=work.now,
            last_at=work.now,
        )
    )
    work.emit(MessageRefused(at=work.now, device=device, topic=topic, code=code, reason=reason))
    return True


def _kept(text: str, length: int) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:length]
