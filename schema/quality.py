"""Quality inspection (质检) as rows: plans and their draws, reviews with every step and mark, calibrations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class ScoreSheet(Base):
    """A score sheet that something was scored by, as it was; the table only grows. `key`: see `scoresheet.Sheet`."""

    __tablename__ = "score_sheets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]]


class QualityPlan(Base):
    """What is drawn every week: a rule of `schema.rules.sampling`, the sheet, and the inspectors it is dealt to (ids).

    `order` is the last one that wrote it.
    """

    __tablename__ = "quality_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(60))
    sheet: Mapped[str] = mapped_column(String(20))
    rule: Mapped[dict[str, Any]]
    inspectors: Mapped[list[Any]]
    open: Mapped[bool] = mapped_column(Boolean, default=True)
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class QualityDraw(Base):
    """A draw by a plan: the week (its Monday), the seed and the rule as they were, and what it came to; it only grows.

    `told` has by agent's id how many calls there were and why they were not drawn; `unheard` were drawn and could be
    given to none of the inspectors.
    """

    __tablename__ = "quality_draws"
    __table_args__ = (Index("ix_quality_draws_plan_week", "plan", "week"),)

    order: Mapped[UUID] = mapped_column(primary_key=True)
    plan: Mapped[UUID] = mapped_column(ForeignKey("quality_plans.id"))
    week: Mapped[date] = mapped_column(Date)
    seed: Mapped[str] = mapped_column(String(40))
    rule: Mapped[dict[str, Any]]
    told: Mapped[dict[str, Any]]
    drawn: Mapped[int]
    unheard: Mapped[int]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class QualityCalibration(Base):
    """One call that several inspectors score, blind to each other until it `ended_at`. It counts in no figure."""

    __tablename__ = "quality_calibrations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    order: Mapped[UUID] = mapped_column(unique=True)
    recording: Mapped[UUID] = mapped_column(index=True)
    agent: Mapped[UUID] = mapped_column(index=True)
    remark: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class QualityReview(Base):
    """One recorded leg that an inspector scores: of a plan's draw, or of a calibration.

    `department` is the agent's when it was drawn, `week` the Monday of the week of the call (at `call_at`). `state` is
    of `schema.rules.reviews`. `step` is the step whose marks count now, `percent`, `good`, `fatal` are of it; all are
    empty while there is none. `sheet` names the sheet (see `ScoreSheet`), `book` the version of the book it was in.
    """

    __tablename__ = "quality_reviews"
    __table_args__ = (
        UniqueConstraint("recording", "plan"),
        UniqueConstraint("calibration", "inspector"),
        Index("ix_quality_reviews_agent_week", "agent", "week"),
        Index("ix_quality_reviews_inspector_state", "inspector", "state"),
        Index("ix_quality_reviews_week", "week"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    plan: Mapped[UUID | None] = mapped_column(ForeignKey("quality_plans.id"))
    draw: Mapped[UUID | None] = mapped_column(ForeignKey("quality_draws.order"), index=True)
    calibration: Mapped[UUID | None] = mapped_column(ForeignKey("quality_calibrations.id"))
    recording: Mapped[UUID]
    contact: Mapped[UUID]
    agent: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    department: Mapped[UUID | None]
    week: Mapped[date] = mapped_column(Date)
    call_at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Float)
    queue: Mapped[str] = mapped_column(String(40), default="")
    inspector: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    sheet: Mapped[str] = mapped_column(ForeignKey("score_sheets.key"))
    book: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="open")
    step: Mapped[int | None] = mapped_column(BigId)
    percent: Mapped[float | None] = mapped_column(Float)
    good: Mapped[bool | None]
    fatal: Mapped[bool | None]
    made_at: Mapped[datetime]
    scored_at: Mapped[datetime | None]
    appeal_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class QualityStep(Base):
    """A step of a review, of `schema.rules.reviews.STEPS`; the table only grows. A scoring has `percent` and marks."""

    __tablename__ = "quality_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    review: Mapped[UUID] = mapped_column(ForeignKey("quality_reviews.id"), index=True)
    what: Mapped[str] = mapped_column(String(12))
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, default="")
    percent: Mapped[float | None] = mapped_column(Float)
    fatal: Mapped[bool | None]


class QualityMark(Base):
    """What a scoring says of an item; the table only grows. `value` None: it does not apply, and `share` is None too.

    `share` is between 0 and 1; `second` is where in the recording it is heard.
    """

    __tablename__ = "quality_marks"

    step: Mapped[int] = mapped_column(BigId, ForeignKey("quality_steps.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int | None]
    share: Mapped[float | None] = mapped_column(Float)
    second: Mapped[float | None] = mapped_column(Float)
    remark: Mapped[str] = mapped_column(String(300), default="")


class QualityDraft(Base):
    """What an inspector has marked so far; gone when it is submitted."""

    __tablename__ = "quality_drafts"

    review: Mapped[UUID] = mapped_column(ForeignKey("quality_reviews.id"), primary_key=True)
    by: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
