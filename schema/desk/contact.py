"""One contact opened: its calls with who talked to whom when, its recordings, its cases; nothing one may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallBackRow, CallRating, CallRow, LegRow, QueueEntryRow, SegmentRow
from schema.cases import Case
from schema.desk.contactlist import PHONE, kept_from
from schema.desk.scope import Who, audible, visible_cases
from schema.recordings import Recording


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call and its parts, each in order of time, and what the citizen thought of it."""

    row: CallRow
    legs: Sequence[LegRow]
    segments: Sequence[SegmentRow]
    waits: Sequence[QueueEntryRow]
    rating: CallRating | None = None


@dataclass(frozen=True, slots=True)
class OpenedContact:
    """Everything of one contact that somebody may see. `at` is when it came, `number` whose it is."""

    at: datetime
    channel: str
    number: str
    language: str
    calls: Sequence[OpenedCall]
    promises: Sequence[CallBackRow]
    recordings: Sequence[Recording]
    cases: Sequence[Case]


def open_contact(session: Session, contact: UUID, who: Who, only: UUID | None = None) -> OpenedContact | None:
    """The contact as `who` may see it; None when it is not there for them.

    `only`: this person must have taken it: answered one of its calls, or filed one of its cases.
    """
    seen = visible_cases(session, who)
    if session.scalar(select(kept_from(seen, contact))):
        return None
    calls = session.scalars(
        select(CallRow).where(CallRow.contact == contact).order_by(CallRow.entered_at, CallRow.id)
    ).all()
    cases = session.scalars(
        select(Case).where(Case.contact == contact, seen).order_by(Case.made_at, Case.id)
    ).all()
    if not calls and not cases:
        return None
    if only is not None and only not in {*(call.user for call in calls), *(case.made_by for case in cases)}:
        return None
    ids = [call.id for call in calls]
    legs = session.scalars(
        select(LegRow).where(LegRow.call.in_(ids)).order_by(LegRow.started_at, LegRow.leg)
    ).all()
    segments = session.scalars(
        select(SegmentRow).where(SegmentRow.call.in_(ids)).order_by(SegmentRow.started_at, SegmentRow.leg)
    ).all()
    waits = session.scalars(
        select(QueueEntryRow).where(QueueEntryRow.call.in_(ids)).order_by(QueueEntryRow.n)
    ).all()
    ratings = {one.call: one for one in session.scalars(select(CallRating).where(CallRating.call.in_(ids)))}
    first = calls[0] if calls else None
    return OpenedContact(
        at=first.entered_at if first else cases[0].made_at,
        channel=PHONE if first else cases[0].channel,
        number=first.number if first else cases[0].number,
        language=first.language if first else cases[0].language,
        calls=[
            OpenedCall(
                call,
                [leg for leg in legs if leg.call == call.id],
                [part for part in segments if part.call == call.id],
                [wait for wait in waits if wait.call == call.id],
                ratings.get(call.id),
            )
            for call in calls
        ],
        promises=session.scalars(
            select(CallBackRow).where(CallBackRow.contact == contact).order_by(CallBackRow.promised_at)
        ).all(),
        recordings=session.scalars(
            select(Recording)
            .where(Recording.contact == contact, audible(session, who))
            .order_by(Recording.started_at, Recording.id)
        ).all(),
        cases=cases,
    )
