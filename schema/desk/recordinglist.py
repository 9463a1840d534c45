"""The list of recordings, newest first, and what is marked on one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from schema.calls import CallRow, SegmentRow, TransferRow
from schema.desk.listpages import ALWAYS, Place, Span
from schema.recordings import Recording, RecordingGap
from schema.rules.soundmarks import GAP, HOLD, RESUMED, SPANS, TRANSFER, Happened, Mark, marks

PAGE = 50
WATCHED = ("listen", "whisper", "barge")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recordings are asked for; what is empty or None is not."""

    began: Span = ALWAYS
    seat: str = ""
    number: str = ""
    state: str = ""
    shortest: float | None = None
    longest: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A recording with its call (None: the call is not known)."""

    row: Recording
    call: CallRow | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some recordings, and the place after them ("": there are no more)."""

    rows: list[Shown]
    after: Place | None


def page(session: Session, wanted: Wanted, audible: ColumnElement[bool], place: Place | None) -> Page:
    """The recordings that are asked for, of those that may be heard."""
    query = (
        select(Recording, CallRow)
        .outerjoin(CallRow, CallRow.id == Recording.call)
        .where(Recording.started_at.is_not(None), audible, *_conditions(wanted))
        .order_by(Recording.started_at.desc(), Recording.id.desc())
        .limit(PAGE + 1)
    )
    if place is not None:
        query = query.where(tuple_(Recording.started_at, Recording.id) < tuple_(place.at, place.id))
    rows = [Shown(recording, call) for recording, call in session.execute(query)]
    last = rows[PAGE - 1].row if len(rows) > PAGE else None
    after = Place(last.started_at, last.id) if last is not None and last.started_at is not None else None
    return Page(rows[:PAGE], after)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    since, until = wanted.began
    if since is not None:
        yield Recording.started_at >= since
    if until is not None:
        yield Recording.started_at < until
    if wanted.seat:
        yield Recording.seat == wanted.seat
    if wanted.number:
        yield CallRow.number == wanted.number
    if wanted.state:
        yield Recording.state == wanted.state
    if wanted.shortest is not None:
        yield Recording.seconds >= wanted.shortest
    if wanted.longest is not None:
        yield Recording.seconds <= wanted.longest


def marks_of(session: Session, row: Recording, hidden: frozenset[str] = frozenset()) -> list[Mark]:
    """What happened in a recording; `hidden` are kinds not to be told (see the setting ``[watch]``)."""
    if row.started_at is None:
        return []
    return [
        mark
        for mark in marks(_happened(session, row), row.started_at, row.seconds)
        if mark.kind not in hidden
    ]


def _happened(session: Session, row: Recording) -> Iterator[Happened]:
    mine = and_(SegmentRow.node == row.node, SegmentRow.leg == row.leg, SegmentRow.kind != HOLD)
    waits = and_(SegmentRow.leg_kind == "citizen", SegmentRow.kind == HOLD)
    watched = and_(SegmentRow.leg_kind == "watcher", SegmentRow.kind.in_(WATCHED))
    query = select(SegmentRow).where(
        SegmentRow.call == row.call, SegmentRow.kind.in_(SPANS), or_(mine, waits, watched)
    )
    for segment in session.scalars(query):
        who = segment.seat if segment.leg_kind == "watcher" else ""
        yield Happened(segment.kind, segment.started_at, segment.ended_at, who)
    for moved in session.scalars(select(TransferRow).where(TransferRow.call == row.call)):
        yield Happened(TRANSFER, moved.at, None, moved.target)
    gaps = select(RecordingGap).where(RecordingGap.node == row.node, RecordingGap.leg == row.leg)
    for gap in session.scalars(gaps):
        yield Happened(GAP, gap.began_at, gap.ended_at, gap.seat)
        if gap.by_itself and gap.ended_at is not None:
            yield Happened(RESUMED, gap.ended_at, None, gap.seat)
