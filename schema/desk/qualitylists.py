"""The lists of quality inspection: what an inspector has to score, what is over, appeals, and what is about an agent.

Whoever inspects sees only reviews of recordings that they may hear. Agents see everything that is about themselves: a
calibration on their call too, once it is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from schema.desk.scope import Who, audible
from schema.people import User
from schema.quality import (
    QualityCalibration,
    QualityDraft,
    QualityDraw,
    QualityMark,
    QualityPlan,
    QualityReview,
    QualityStep,
    ScoreSheet,
)
from schema.recordings import Recording
from schema.rules.reviews import APPEALED, COUNTED, OPEN, SCORED
from schema.rules.scoresheet import Sheet, read_sheet

PER_PAGE = 50
TODO, DONE, APPEALS, EVERY = "todo", "done", "appeals", "every"
_AGENT, _INSPECTOR = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True)
class Row:
    """A review with the names of those it is about."""

    review: QualityReview
    agent: str
    inspector: str


@dataclass(frozen=True, slots=True)
class Said:
    """A step of a review's history: by whom, and its marks by item when it is a scoring."""

    step: QualityStep
    by: str
    marks: dict[str, QualityMark]


def listed(
    session: Session,
    who: Who,
    user: UUID,
    name: str,
    after: str = "",
    *,
    agent: UUID | None = None,
    state: str = "",
) -> tuple[list[Row], str]:
    """A page of a list, behind the review `after`, and where the next begins; what is to do the oldest first.

    `agent`, `state`: only of these.
    """
    query = rows().where(chosen(name, user), heard(session, who))
    if agent is not None:
        query = query.where(QualityReview.agent == agent)
    if state:
        query = query.where(QualityReview.state == state)
    return _page(session, query, name in (TODO, APPEALS), after)


def chosen(name: str, user: UUID) -> ColumnElement[bool]:
    """The reviews of a list."""
    if name == TODO:
        return and_(QualityReview.state == OPEN, QualityReview.inspector == user, _running())
    if name == DONE:
        return and_(QualityReview.state.in_(COUNTED), QualityReview.inspector == user)
    if name == APPEALS:
        return QualityReview.state == APPEALED
    return and_(QualityReview.calibration.is_(None))


def heard(session: Session, who: Who) -> ColumnElement[bool]:
    """The reviews of recordings that somebody may hear."""
    return exists().where(Recording.id == QualityReview.recording, audible(session, who))


def count(session: Session, who: Who, user: UUID, name: str) -> int:
    """How many are on a list (at most `PER_PAGE` are counted)."""
    some = select(QualityReview.id).where(chosen(name, user), heard(session, who)).limit(PER_PAGE)
    return len(session.scalars(some).all())


def count_new(session: Session, agent: UUID) -> int:
    """How many reviews of an agent's calls wait for their word (at most `PER_PAGE` are counted)."""
    waits = select(QualityReview.id).where(QualityReview.agent == agent, QualityReview.state == SCORED)
    return len(session.scalars(waits.where(QualityReview.calibration.is_(None)).limit(PER_PAGE)).all())


def agents_of(session: Session) -> list[tuple[UUID, str]]:
    """Whose calls were ever drawn, by name."""
    query = select(User.id, User.name).where(User.id.in_(select(QualityReview.agent)))
    return [(id, name) for id, name in session.execute(query.order_by(User.name, User.id))]


def about(session: Session, agent: UUID, after: str = "") -> tuple[list[Row], str]:
    """What is about an agent's own calls, the newest first."""
    over = select(QualityCalibration.id).where(QualityCalibration.ended_at.is_not(None))
    shown = or_(QualityReview.calibration.is_(None), QualityReview.calibration.in_(over))
    query = rows().where(QualityReview.agent == agent, QualityReview.state.in_(COUNTED), shown)
    return _page(session, query, False, after)


def find(session: Session, id: UUID) -> Row | None:
    """One review; who may see it is for the asker to find out."""
    found = session.execute(rows().where(QualityReview.id == id)).first()
    return Row(*found) if found else None


def sheet_of(session: Session, review: QualityReview) -> Sheet:
    """The sheet that a review is scored by."""
    return read_sheet(session.get_one(ScoreSheet, review.sheet).body)


def history(session: Session, review: UUID) -> list[Said]:
    """Everything that was done to a review, in order."""
    query = select(QualityStep, User.name).outerjoin(User, User.id == QualityStep.by)
    steps = session.execute(query.where(QualityStep.review == review).order_by(QualityStep.id)).all()
    marks: dict[int, dict[str, QualityMark]] = {}
    ids = [step.id for step, _ in steps if step.percent is not None]
    for mark in session.scalars(select(QualityMark).where(QualityMark.step.in_(ids))):
        marks.setdefault(mark.step, {})[mark.item] = mark
    return [Said(step, name or "", marks.get(step.id, {})) for step, name in steps]


def draft_of(session: Session, review: UUID, user: UUID) -> QualityDraft | None:
    """What somebody has marked so far."""
    return session.get(QualityDraft, (review, user))


def recording_of(session: Session, who: Who, review: QualityReview) -> Recording | None:
    """The recording, for somebody who may hear it."""
    return session.scalar(select(Recording).where(Recording.id == review.recording, audible(session, who)))


def plans(session: Session) -> list[QualityPlan]:
    """All plans, those in use first."""
    return list(session.scalars(select(QualityPlan).order_by(QualityPlan.open.desc(), QualityPlan.name)))


def draws(session: Session, plan: UUID | None = None, limit: int = 30) -> list[tuple[QualityDraw, str, str]]:
    """The newest draws (of a plan), each with the plan's name and that of who drew."""
    query = (
        select(QualityDraw, QualityPlan.name, User.name)
        .join(QualityPlan, QualityPlan.id == QualityDraw.plan)
        .outerjoin(User, User.id == QualityDraw.by)
        .order_by(QualityDraw.at.desc())
        .limit(limit)
    )
    if plan is not None:
        query = query.where(QualityDraw.plan == plan)
    return [(draw, name, by or "") for draw, name, by in session.execute(query)]


def of_draw(session: Session, who: Who, draw: UUID) -> Sequence[Row]:
    """The reviews that a draw made, by agent."""
    query = rows().where(QualityReview.draw == draw, heard(session, who))
    return [Row(*row) for row in session.execute(query.order_by(_AGENT.name, QualityReview.call_at))]


def _running() -> ColumnElement[bool]:
    """Not of a calibration that is over."""
    over = select(QualityCalibration.id).where(QualityCalibration.ended_at.is_not(None))
    return or_(QualityReview.calibration.is_(None), QualityReview.calibration.not_in(over))


def rows() -> Select[QualityReview, str, str]:
    """Reviews with the names of agent and inspector, to be narrowed down."""
    return (
        select(QualityReview, _AGENT.name, _INSPECTOR.name)
        .join(_AGENT, _AGENT.id == QualityReview.agent)
        .join(_INSPECTOR, _INSPECTOR.id == QualityReview.inspector)
    )


def _page(
    session: Session, query: Select[QualityReview, str, str], up: bool, after: str
) -> tuple[list[Row], str]:
    try:
        last = UUID(after)
        query = query.where(QualityReview.id > last if up else QualityReview.id < last)
    except ValueError:
        pass  # a broken link shows the first page
    query = query.order_by(QualityReview.id if up else QualityReview.id.desc()).limit(PER_PAGE + 1)
    found = [Row(*row) for row in session.execute(query)]
    if len(found) <= PER_PAGE:
        return found, ""
    found.pop()
    return found, str(found[-1].review.id)
