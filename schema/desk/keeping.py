"""The keeping desk: notes at recordings, legal holds, and for how long which kind is kept.

All of them raise `Refused`: not-found, not-allowed, bad-field. The same order again changes nothing. Whether who asks
may hear the recording is asked before (`schema.desk.scope.audible`).
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.choices import Choice
from schema.desk.errors import Refused
from schema.desk.filing import LOCK_BITS
from schema.desk.moves import allow, refuse_texts
from schema.facts import RecordingNoted, RecordingsHeld, RetentionSet
from schema.ids import ContactId
from schema.orders import DropRecordingNote, HoldRecordings, NoteRecording, ReleaseRecordings, SetRetention
from schema.quality import QualityReview
from schema.recordings import KEPT, Recording, RecordingHold, RecordingNote
from schema.rules.keeping import DAYS, FEWEST, MOST, kind_of
from schema.rules.reviews import APPEALED, OPEN, SCORED
from schema.store import UnitOfWork, alone

CHOICE = "retention."
LONGEST_NOTE, LONGEST_REASON = 1000, 300


def write_note(work: UnitOfWork, order: NoteRecording) -> RecordingNote:
    """Write a note at a time of a kept recording."""
    allow(work, order.by, "recording.note")
    alone(work.session, order.order.int & LOCK_BITS)
    done = work.session.scalar(select(RecordingNote).where(RecordingNote.order == order.order))
    if done is not None:
        return done
    row = work.session.get(Recording, order.recording)
    if row is None or row.state != KEPT:
        raise Refused("not-found", "there is no such recording")
    refuse_texts(text=(order.text, 1, LONGEST_NOTE))
    if not 0 <= order.second <= row.seconds + 1:
        raise Refused("bad-field", f"the recording lasts {row.seconds:.1f} s", "second")
    note = RecordingNote(
        order=order.order, recording=row.id, second=round(order.second, 1), text=order.text.strip(), by=order.by,
        at=work.now,
    )  # fmt: skip
    work.session.add(note)
    work.session.flush()
    work.emit(RecordingNoted(at=work.now, contact=ContactId(row.contact), recording=row.id, note=note.id))
    return note


def drop_note(work: UnitOfWork, order: DropRecordingNote) -> RecordingNote:
    """Take a note away; what it said stays in the database, and the order in the log."""
    allow(work, order.by, "recording.note")
    note = work.session.get(RecordingNote, order.note, with_for_update=True)
    row = work.session.get(Recording, note.recording) if note is not None else None
    if note is None or row is None:
        raise Refused("not-found", "there is no such note")
    if note.by != order.by:
        allow(work, order.by, "recording.hold")
    if note.removed_at is None:
        note.removed_at = work.now
        work.emit(
            RecordingNoted(
                at=work.now, contact=ContactId(row.contact), recording=row.id, note=note.id, gone=True
            )
        )
    return note


def hold(work: UnitOfWork, order: HoldRecordings) -> RecordingHold:
    """Erase nothing of a contact from now on."""
    allow(work, order.by, "recording.hold")
    alone(work.session, order.order.int & LOCK_BITS)
    done = work.session.scalar(select(RecordingHold).where(RecordingHold.order == order.order))
    if done is not None:
        return done
    if work.session.scalar(select(Recording.id).where(Recording.contact == order.contact).limit(1)) is None:
        raise Refused("not-found", "there is no recording of this contact")
    refuse_texts(reason=(order.reason, 1, LONGEST_REASON))
    row = RecordingHold(
        order=order.order, contact=order.contact, reason=order.reason.strip(), by=order.by, at=work.now
    )
    work.session.add(row)
    work.session.flush()
    work.emit(
        RecordingsHeld(
            at=work.now, contact=ContactId(row.contact), hold=row.id, held=True, reason=row.reason, by=order.by
        )
    )  # fmt: skip
    return row


def release(work: UnitOfWork, order: ReleaseRecordings) -> RecordingHold:
    """Lift a hold; the contact's time counts again."""
    allow(work, order.by, "recording.hold")
    row = work.session.get(RecordingHold, order.hold, with_for_update=True)
    if row is None:
        raise Refused("not-found", "there is no such hold")
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = work.now, order.by
        work.emit(
            RecordingsHeld(
                at=work.now, contact=ContactId(row.contact), hold=row.id, held=False, reason=row.reason, by=order.by
            )
        )  # fmt: skip
    return row


def set_retention(work: UnitOfWork, order: SetRetention) -> Choice:
    """Choose for how long a kind is kept; it counts for what is there already, too."""
    allow(work, order.by, "recording.keep")
    alone(work.session, order.order.int & LOCK_BITS)
    done = work.session.scalar(select(Choice).where(Choice.order == order.order))
    if done is not None:
        return done
    if order.kind not in DAYS:
        raise Refused("bad-field", f"there is no kind {order.kind[:20]!r}", "kind")
    if order.days != 0 and not FEWEST <= order.days <= MOST:
        raise Refused("bad-field", f"{FEWEST} to {MOST} days, or 0 for good", "days")
    choice = Choice(name=CHOICE + order.kind, value=order.days, order=order.order, by=order.by, at=work.now)
    work.session.add(choice)
    work.session.flush()
    work.emit(RetentionSet(at=work.now, kind=order.kind, days=order.days, by=order.by))
    return choice


def retention(session: Session) -> dict[str, int]:
    """The days that count now, by kind."""
    newest = select(func.max(Choice.id)).where(Choice.name.startswith(CHOICE)).group_by(Choice.name)
    chosen = session.execute(select(Choice.name, Choice.value).where(Choice.id.in_(newest)))
    return {**DAYS, **{name.removeprefix(CHOICE): int(value) for name, value in chosen}}


def retention_history(session: Session, limit: int = 50) -> list[Choice]:
    """What was chosen, newest first."""
    query = select(Choice).where(Choice.name.startswith(CHOICE)).order_by(Choice.id.desc()).limit(limit)
    return list(session.scalars(query))


def kinds(session: Session, recordings: Iterable[Recording]) -> dict[UUID, str]:
    """The kind of each, as their cases stand now."""
    rows = list(recordings)
    contacts = {row.contact for row in rows}
    marked: dict[UUID, bool] = {}
    query = select(Case.contact, Case.confidential).where(Case.contact.in_(contacts))
    for contact, confidential in session.execute(query):
        marked[contact] = marked.get(contact, False) or bool(confidential)
    return {
        row.id: kind_of(row.seat, has_case=row.contact in marked, confidential=marked.get(row.contact, False))
        for row in rows
    }


def held(session: Session, contacts: Iterable[UUID]) -> dict[UUID, RecordingHold]:
    """The hold on each of these contacts that has one."""
    query = select(RecordingHold).where(
        RecordingHold.contact.in_(set(contacts)), RecordingHold.lifted_at.is_(None)
    )
    return {row.contact: row for row in session.scalars(query)}


def inspected(session: Session, recordings: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those that somebody has to hear yet: to be scored, or while an appeal can come or waits for its answer."""
    may_come = and_(QualityReview.state == SCORED, QualityReview.appeal_until > now)
    query = select(QualityReview.recording).where(
        QualityReview.recording.in_(set(recordings)), or_(QualityReview.state.in_((OPEN, APPEALED)), may_come)
    )
    return set(session.scalars(query))


def old_ones(session: Session, before: datetime, after: UUID | None, limit: int) -> list[Recording]:
    """Kept recordings from before a time, a page at a time in the order of their ids."""
    query = select(Recording).where(Recording.state == KEPT, Recording.kept_at <= before)
    if after is not None:
        query = query.where(Recording.id > after)
    return list(session.scalars(query.order_by(Recording.id).limit(limit)))


def notes_of(session: Session, recording: UUID) -> list[RecordingNote]:
    """The notes at a recording by time."""
    query = select(RecordingNote).where(
        RecordingNote.recording == recording, RecordingNote.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(RecordingNote.second, RecordingNote.id)))


def holds_of(session: Session, contact: UUID) -> list[RecordingHold]:
    """The holds a contact had and has, newest first."""
    query = select(RecordingHold).where(RecordingHold.contact == contact).order_by(RecordingHold.at.desc())
    return list(session.scalars(query))
