"""The audit of recordings: every answered leg has exactly one or a stated reason, every file an owner, and each file is
what was kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from recordings.play import Player
from recordings.shelf import Shelf
from schema.calls import LegRow
from schema.recordings import KEPT, SIDES, SPOOL, Recording, RecordingFile
from schema.store import Store

TALKERS = ("seat", "party")
"""Kinds of legs that are recorded: a seat's from its answer on, a party's by itself or by the seat it talks with."""
SHORTER = 5.0
"""Seconds that a recording may lack of its leg before it is told: the notice of an answer, and the last packets."""
DAY = timedelta(days=1)
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
GRACE = timedelta(minutes=10)
"""So long after its end a recording may be on its way."""


@dataclass
class Found:
    """What was looked at, and a line for whatever is wrong."""

    legs: int = 0
    recordings: int = 0
    files: int = 0
    bytes: int = 0
    differences: list[str] = field(default_factory=list)


def audit(
    store: Store,
    player: Player,
    shelf: Shelf,
    since: datetime,
    until: datetime,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    rehash: bool = True,
) -> Found:
    """Hold rows, legs and files against each other. Recordings are those begun from `since` on and before `until`; the
    files that belong to nobody are looked for among all."""
    found = Found()
    with store.read() as session:
        found.differences += _legs(session, since, until, found, store.clock())
        rows = list(session.scalars(_within(since, until)))
        found.recordings = len(rows)
        files: dict[object, list[RecordingFile]] = {}
        for file in session.scalars(select(RecordingFile)):
            files.setdefault(file.recording, []).append(file)
    owned = {file.path for of in files.values() for file in of}
    for done, row in enumerate(rows):
        progress(done, len(rows))
        found.differences += _files(row, files.get(row.id, []), player, found, rehash=rehash)
    found.differences += [
        f"unowned   {path}: a file of no recording" for path in shelf.paths() if path not in owned
    ]
    return found


def _within(since: datetime, until: datetime) -> Select[Recording]:
    began = Recording.started_at
    return select(Recording).where(began >= since, began < until).order_by(Recording.id)


def _legs(session: Session, since: datetime, until: datetime, found: Found, now: datetime) -> Iterator[str]:
    answered = select(LegRow, Recording).outerjoin(
        Recording, (Recording.node == LegRow.node) & (Recording.leg == LegRow.leg)
    )
    answered = answered.where(
        LegRow.kind.in_(TALKERS), LegRow.answered_at >= since, LegRow.answered_at < until
    )
    recorded = set(
        session.scalars(select(Recording.call).where(Recording.started_at >= max(since, FIRST) - DAY))
    )
    pairs: Any = session.execute(answered.order_by(LegRow.answered_at))
    leg: LegRow
    row: Recording | None
    for leg, row in pairs:
        found.legs += 1
        name = f"{leg.node}/{leg.leg} ({leg.kind} {leg.seat or leg.number})"
        over = leg.ended_at is not None and now - leg.ended_at > GRACE
        if row is None and leg.kind == "party" and leg.call in recorded:
            continue
        if row is None:
            yield f"lost      {name}: answered, and there is no recording of it"
        elif row.state == SPOOL and over:
            yield f"waiting   {name}: its files are still in the spool"
        elif row.state == KEPT and leg.ended_at is not None:
            lasted = (leg.ended_at - (leg.answered_at or leg.ended_at)).total_seconds()
            if row.seconds < lasted - SHORTER:
                yield f"short     {name}: lasted {lasted:.0f} s, recorded {row.seconds:.0f} s"


def _files(
    row: Recording, files: list[RecordingFile], player: Player, found: Found, *, rehash: bool
) -> Iterator[str]:
    if row.state != KEPT:
        if not row.reason and row.state != SPOOL:
            yield f"unsaid    {row.id}: {row.state}, and no reason is stated"
        return
    for side in sorted(set(SIDES) - {file.side for file in files}):
        yield f"lost      {row.id}: kept, and there is no file of the side {side}"
    for file in files:
        found.files += 1
        found.bytes += file.size
        if rehash and (trouble := player.trouble(file)):
            yield f"changed   {row.id} {file.side}: {trouble}"
