"""The recordings' desk: the only writer of recording rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.desk import audit
from schema.facts import RecordingErased, RecordingKept
from schema.ids import CallId, ContactId, uuid7
from schema.recordings import ERASED, KEPT, MISSING, SPOOL, Recording, RecordingFile, RecordingGap
from schema.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class SideFile:
    """A side's file that has come into the vault; fields as of `schema.recordings.RecordingFile`."""

    side: str
    path: str
    media: str
    size: int
    sha256: str
    key: str
    peaks: bytes


def begin(
    work: UnitOfWork,
    *,
    contact: UUID,
    call: UUID,
    node: str,
    leg: str,
    seat: str,
    name: str,
    at: datetime | None,
) -> Recording:
    """The row of a leg that is being recorded; an existing one is returned, with its start if that was unknown."""
    found = work.session.scalar(select(Recording).where(Recording.node == node, Recording.leg == leg))
    if found is not None:
        found.started_at = found.started_at or at
        return found
    row = Recording(
        id=uuid7(),
        contact=contact,
        call=call,
        node=node,
        leg=leg,
        seat=seat,
        name=name,
        state=SPOOL,
        started_at=at,
    )
    work.session.add(row)
    return row


def keep(
    work: UnitOfWork,
    recording: UUID,
    *,
    seconds: float,
    files: Sequence[SideFile],
    started_at: datetime | None = None,
) -> Recording:
    """The files are in the vault. Twice changes nothing.

    `started_at` is an estimate, for a row whose start nobody heard.
    """
    row = work.session.get(Recording, recording, with_for_update=True)
    if row is None:
        raise LookupError(f"there is no recording {recording}")
    if row.state in (KEPT, ERASED):
        return row
    again = row.kept_at is not None  # it was kept before there were seals
    row.state, row.kept_at, row.seconds, row.reason = KEPT, row.kept_at or work.now, seconds, ""
    row.started_at = row.started_at or started_at
    work.session.flush()
    for file in files:
        work.session.add(
            RecordingFile(
                recording=row.id, side=file.side, path=file.path, media=file.media, size=file.size,
                sha256=file.sha256, key=file.key, peaks=file.peaks,
            )
        )  # fmt: skip
    row.sha256 = next((file.sha256 for file in files if file.side == "mix"), "")
    if again:
        return row
    work.emit(
        RecordingKept(
            at=work.now, contact=ContactId(row.contact), recording=row.id, call=CallId(row.call), leg=row.leg,
            seconds=seconds, sha256=row.sha256,
        )
    )  # fmt: skip
    return row


def miss(work: UnitOfWork, recording: UUID, reason: str) -> None:
    """The files never came: say so, so that the leg without a recording has a stated reason."""
    row = work.session.get(Recording, recording, with_for_update=True)
    if row is not None and row.state == SPOOL:
        row.state, row.reason = MISSING, reason[:200]


def erase(work: UnitOfWork, recording: UUID, reason: str) -> None:
    """Destroy the keys of a kept recording, so that its files are noise from this commit on. Twice changes nothing.

    The rows of the files stay, with no key, until `forget_file` says that each is off its shelf.
    """
    row = work.session.get(Recording, recording, with_for_update=True)
    if row is None or row.state != KEPT:
        return
    row.state, row.reason, row.erased_at = ERASED, reason[:200], work.now
    mine = RecordingFile.recording == recording
    work.session.execute(update(table_of(RecordingFile)).where(mine).values(key="", peaks=b""))
    audit.note(work, "recording.erase", str(recording), who=None, login="retention", reason=reason)
    work.emit(
        RecordingErased(
            at=work.now, contact=ContactId(row.contact), recording=row.id, call=CallId(row.call), reason=row.reason
        )
    )  # fmt: skip


def forget_file(work: UnitOfWork, recording: UUID, side: str) -> None:
    """The file of an erased recording is off its shelf."""
    row = work.session.get(RecordingFile, (recording, side))
    if row is not None and not row.key:
        work.session.delete(row)


def pause(work: UnitOfWork, *, node: str, leg: str, seat: str, at: datetime) -> None:
    """From `at` on the leg's speech is left out. Twice changes nothing."""
    if work.session.get(RecordingGap, (node, leg, at)) is None:
        work.session.add(RecordingGap(node=node, leg=leg, began_at=at, seat=seat))


def resume(work: UnitOfWork, *, node: str, leg: str, at: datetime, by_itself: bool = False) -> None:
    """The leg's speech is recorded again, or the leg is over; `by_itself`: the pause was too long."""
    open_ = (RecordingGap.node == node, RecordingGap.leg == leg, RecordingGap.ended_at.is_(None))
    for gap in work.session.scalars(select(RecordingGap).where(*open_)):
        gap.ended_at, gap.by_itself = max(at, gap.began_at), by_itself


def unfinished(session: Session, node: str, before: datetime) -> list[str]:
    """The names of a node's recordings that were begun before a time and are still to come out of the spool."""
    old = or_(Recording.started_at.is_(None), Recording.started_at < before)
    query = select(Recording.name).where(Recording.state == SPOOL, Recording.node == node, old)
    return list(session.scalars(query))


def find(session: Session, recording: UUID) -> Recording | None:
    """One recording."""
    return session.get(Recording, recording)


def file_of(session: Session, recording: UUID, side: str) -> RecordingFile | None:
    """One side's file."""
    return session.get(RecordingFile, (recording, side))


def files_of(session: Session, recording: UUID) -> list[RecordingFile]:
    """The files of a recording."""
    return list(session.scalars(select(RecordingFile).where(RecordingFile.recording == recording)))


def erased_files(session: Session) -> list[RecordingFile]:
    """Files whose recordings are erased and that are not known to be off their shelf."""
    return list(session.scalars(select(RecordingFile).where(RecordingFile.key == "")))


def keys(session: Session, after: tuple[UUID, str] | None, limit: int) -> list[RecordingFile]:
    """Files with a key, a page at a time, in the order of recording and side."""
    query = select(RecordingFile).where(RecordingFile.key != "")
    if after is not None:
        query = query.where(tuple_(RecordingFile.recording, RecordingFile.side) > tuple_(*after))
    return list(session.scalars(query.order_by(RecordingFile.recording, RecordingFile.side).limit(limit)))


def rewrap(work: UnitOfWork, recording: UUID, side: str, old: str, new: str) -> None:
    """The same key under another of the site's; nothing happens to one that was erased or changed meanwhile."""
    mine = (RecordingFile.recording == recording, RecordingFile.side == side, RecordingFile.key == old)
    work.session.execute(update(table_of(RecordingFile)).where(*mine).values(key=new))


def of_contact(session: Session, contact: UUID) -> list[Recording]:
    """The recordings of a contact, oldest first."""
    rows = select(Recording).where(Recording.contact == contact).order_by(Recording.started_at, Recording.id)
    return list(session.scalars(rows))


def looked(
    work: UnitOfWork, *, who: UUID, login: str, recording: UUID, ip: str, allowed: bool = True
) -> None:
    """One row in the access log for one look at a recording."""
    audit.note(work, "recording.play", str(recording), who=who, login=login, ip=ip, allowed=allowed)
