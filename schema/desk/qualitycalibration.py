"""The desk of calibration (质检校准): several inspectors score one call, blind to each other; how far they agree.

Its scores count in no figure about the agent. Orders raise `Refused`: not-found, not-allowed, wrong-state, bad-field;
the same order again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, check_texts
from schema.desk.qualitylists import heard
from schema.desk.qualityplans import PLAN, REVIEW, hear
from schema.desk.scope import Who, active_actor
from schema.facts import CalibrationEnded
from schema.orders import BeginCalibration, EndCalibration
from schema.people import User
from schema.quality import QualityCalibration, QualityMark, QualityReview, ScoreSheet
from schema.rules.access import may
from schema.rules.agreement import Agreement, Scored, of_all, of_call, of_items
from schema.rules.reviews import OPEN, SCORED
from schema.rules.scoresheet import Sheet, read_sheet
from schema.store import UnitOfWork

FEWEST, MOST = 2, 12
"""So many inspectors a calibration has."""


def begin_calibration(work: UnitOfWork, order: BeginCalibration) -> QualityCalibration:
    """Have several inspectors score the call of a review."""
    allow(work, order.by, PLAN)
    about = work.session.get(QualityReview, order.review, with_for_update=True)
    if about is None or order.by is not None and not hear(work.session, order.by, [about.recording]):
        raise Refused("not-found", "there is no such review")
    done = work.session.scalar(select(QualityCalibration).where(QualityCalibration.order == order.order))
    if done is not None:
        return done
    wrong = check_texts({"remark": (order.remark, 0, 200)})
    inspectors = list(dict.fromkeys(order.inspectors))
    if not FEWEST <= len(inspectors) <= MOST or not all(_able(work, id, about) for id in inspectors):
        wrong["inspectors"] = f"choose {FEWEST} to {MOST} people who may inspect this call"
    if wrong:
        raise bad_fields(wrong)
    row = QualityCalibration(order=order.order, recording=about.recording, agent=about.agent,
                             remark=order.remark.strip(), by=order.by, at=work.now)  # fmt: skip
    work.session.add(row)
    work.session.flush()
    for id in inspectors:
        work.session.add(QualityReview(
            calibration=row.id, recording=about.recording, contact=about.contact, agent=about.agent,
            department=about.department, week=about.week, call_at=about.call_at, seconds=about.seconds,
            queue=about.queue, inspector=id, sheet=about.sheet, book=about.book, state=OPEN, made_at=work.now,
        ))  # fmt: skip
    work.session.flush()
    return row


def end_calibration(work: UnitOfWork, order: EndCalibration) -> QualityCalibration:
    """End a calibration: from now on everybody in it sees everything, and nobody scores any more."""
    allow(work, order.by, PLAN)
    row = work.session.get(QualityCalibration, order.calibration, with_for_update=True)
    if row is None:
        raise Refused("not-found", "there is no such calibration")
    if row.ended_at is None:
        row.ended_at = work.now
        scored = select(QualityReview.id).where(
            QualityReview.calibration == row.id, QualityReview.state == SCORED
        )
        count = len(work.session.scalars(scored).all())
        work.emit(CalibrationEnded(at=work.now, calibration=row.id, scored=count, by=order.by))
    return row


@dataclass(frozen=True, slots=True)
class Seat:
    """An inspector's part of a calibration: whether it is scored, and, once shown, with what."""

    review: QualityReview
    name: str
    marks: Mapping[str, QualityMark]

    @property
    def scored(self) -> bool:
        """Whether they have scored."""
        return self.review.state == SCORED


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration with its parts; `shown`: the marks may be seen, and `agreement` and `items` are of them."""

    row: QualityCalibration
    agent: str
    sheet: Sheet
    seats: Sequence[Seat]
    shown: bool
    agreement: Agreement | None = None
    items: Mapping[str, Agreement] | None = None

    @property
    def percents(self) -> list[float]:
        """The scores so far."""
        return [seat.review.percent for seat in self.seats if seat.review.percent is not None]


def calibrations(session: Session, who: Who, user: UUID | None, limit: int = 30) -> list[Calibrated]:
    """The newest calibrations of calls one may hear; `user`: only those this inspector is in. Blind till they ended."""
    mine = select(QualityReview.calibration).where(
        heard(session, who), QualityReview.calibration.is_not(None)
    )
    if user is not None:
        mine = mine.where(QualityReview.inspector == user)
    rows = session.execute(
        select(QualityCalibration, User.name)
        .join(User, User.id == QualityCalibration.agent)
        .where(QualityCalibration.id.in_(mine))
        .order_by(QualityCalibration.at.desc())
        .limit(limit)
    ).all()
    return _calibrated(session, [(row, name) for row, name in rows])


def agreement_since(session: Session, since: datetime) -> tuple[dict[str, Agreement], Agreement, int]:
    """How far inspectors agree by item, over all, and over how many calls: of calibrations that ended since then."""
    ended = session.scalars(select(QualityCalibration).where(QualityCalibration.ended_at >= since)).all()
    found = _calibrated(session, [(row, "") for row in ended])
    calls = [call for one in found if len(call := scored_of(one.seats)) > 1]
    return of_items(calls), of_all(calls), len(calls)


def scored_of(seats: Sequence[Seat]) -> Scored:
    """The values by inspector and item, of those who have scored."""
    return {
        seat.review.inspector: {item: mark.value for item, mark in seat.marks.items()}
        for seat in seats
        if seat.scored
    }


def _calibrated(session: Session, rows: Sequence[tuple[QualityCalibration, str]]) -> list[Calibrated]:
    ids = [row.id for row, _ in rows]
    query = select(QualityReview, User.name).join(User, User.id == QualityReview.inspector)
    parts: dict[UUID, list[tuple[QualityReview, str]]] = {}
    ordered = query.where(QualityReview.calibration.in_(ids)).order_by(User.name, QualityReview.id)
    for review, name in session.execute(ordered):
        if review.calibration is not None:
            parts.setdefault(review.calibration, []).append((review, name))
    steps = {review.step for some in parts.values() for review, _ in some if review.step is not None}
    marks: dict[int, dict[str, QualityMark]] = {}
    for mark in session.scalars(select(QualityMark).where(QualityMark.step.in_(steps))):
        marks.setdefault(mark.step, {})[mark.item] = mark
    sheets = {
        row.key: read_sheet(row.body)
        for row in session.scalars(
            select(ScoreSheet).where(
                ScoreSheet.key.in_({review.sheet for some in parts.values() for review, _ in some})
            )
        )
    }
    found = []
    for row, agent in rows:
        shown = row.ended_at is not None
        seats = [Seat(review, name, marks.get(review.step or 0, {}) if shown else {})
                 for review, name in parts.get(row.id, [])]  # fmt: skip
        sheet = sheets[seats[0].review.sheet]
        call = scored_of(seats)
        found.append(
            Calibrated(row, agent, sheet, seats, shown, of_call(call), of_items([call]))
            if shown
            else Calibrated(row, agent, sheet, seats, shown)
        )
    return found


def _able(work: UnitOfWork, id: UUID, about: QualityReview) -> bool:
    actor = active_actor(work.session, id)
    able = actor is not None and may(actor, REVIEW) and id != about.agent
    return able and bool(hear(work.session, id, [about.recording]))
