"""Calendars and their versions, the clocks of cases that were counted with them, and extensions asked for, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class CalendarVersion(Base):
    """A version of a working calendar, from 1; never changed. `body` is of `schema.rules.calendarbody`."""

    __tablename__ = "calendars"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class ClockRow(Base):
    """A clock of a case (see `schema.rules.clocks`), its `number`th from 1; `after` is the one before it.

    `calendar_version` 0 is a calendar that was not stored: weekdays alone. `policy` says where its limit was
    written, see `schema.rules.limits`; `department` had the case when it ended. `rungs` is how many steps of
    `schema.rules.lights.LADDER` it has climbed: none is climbed twice.
    """

    __tablename__ = "clocks"
    __table_args__ = (UniqueConstraint("case", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    after: Mapped[UUID | None] = mapped_column(ForeignKey("clocks.id"))
    units: Mapped[int]
    extra: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(String(20))
    calendar: Mapped[str] = mapped_column(String(20))
    calendar_version: Mapped[int]
    policy: Mapped[str] = mapped_column(String(40), default="", server_default="")
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    department: Mapped[UUID | None]
    rungs: Mapped[int] = mapped_column(default=0, server_default="0")
    intervals: Mapped[list["IntervalRow"]] = relationship(order_by="IntervalRow.id", lazy="selectin")


class IntervalRow(Base):
    """An interval of a clock: it ran, or stood still for a reason."""

    __tablename__ = "clock_intervals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    clock: Mapped[UUID] = mapped_column(ForeignKey("clocks.id"), index=True)
    running: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Supervision(Base):
    """A supervision order (督办) or a leader's instruction (批示): what is to be done and answered by a time.

    `id` is the order's. `kind`: supervise, instruct; `person`: whom of those who have the case it is for, None: any of
    them. `state`: open, answered. `read_at`: when one whom it is for first saw it.
    """

    __tablename__ = "supervisions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10), default="supervise", server_default="supervise")
    person: Mapped[UUID | None]
    answer_by: Mapped[datetime]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    read_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]


class Extension(Base):
    """More time asked for (延期): `units` of the clock's `unit`; `id` is the order's.

    `state`: asked, granted, refused, lapsed.
    """

    __tablename__ = "extensions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    units: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
