"""Return visits (回访) as rows: a case whose citizen an agent calls, and every try."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class Visit(Base):
    """The return visit of one closing of a case: a case that is closed again is visited again.

    `agent` has it (None: put back, to be handed out again) since `given_at`. `ended` is "" while it is open, else of
    `schema.rules.visits.ENDS`. `reception` and `department` are the two ratings, 1 (very satisfied) to 5: of how the
    hotline received the citizen, and of what the department did; the second is the case's own rating too. `solved`:
    whether the citizen says that it is. `campaign` picked it; an `automatic` one is called by the voice script, with no
    agent: `calling` is the call that is on the way, begun at `called_at`. `reviewed`: "", passed or again.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("case", "closed_at"),
        Index("ix_visits_agent_ended", "agent", "ended"),
        Index("ix_visits_ended_at", "ended_at"),
        Index("ix_visits_given_at", "given_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    contact: Mapped[UUID]
    closed_at: Mapped[datetime]
    agent: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    given_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    ended: Mapped[str] = mapped_column(String(12), default="")
    ended_at: Mapped[datetime | None]
    reception: Mapped[int | None]
    department: Mapped[int | None]
    solved: Mapped[bool | None]
    text: Mapped[str] = mapped_column(Text, default="")
    campaign: Mapped[UUID | None] = mapped_column(index=True)
    automatic: Mapped[bool] = mapped_column(default=False, server_default=false())
    calling: Mapped[UUID | None]
    called_at: Mapped[datetime | None]
    reviewed: Mapped[str] = mapped_column(String(10), default="", server_default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


# Few of many visits are open, and those are listed whole.
Index(
    "ix_visits_next_at",
    Visit.next_at,
    sqlite_where=Visit.ended == "",
    postgresql_where=Visit.ended == "",
)

# Few of many visits are being called at a moment.
Index(
    "ix_visits_calling",
    Visit.calling,
    sqlite_where=Visit.calling.is_not(None),
    postgresql_where=Visit.calling.is_not(None),
)


class VisitGift(Base):
    """A visit was given to an `agent`, or (None) put back; the table only grows. One order can give many."""

    __tablename__ = "visit_gifts"
    __table_args__ = (UniqueConstraint("order", "visit"),)

    n: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    order: Mapped[UUID]
    visit: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    agent: Mapped[UUID | None]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class VisitTry(Base):
    """A try to reach the citizen; the table only grows. `result` is of `schema.rules.visits.RESULTS`."""

    __tablename__ = "visit_tries"

    n: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    visit: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    result: Mapped[str] = mapped_column(String(12))
    ended: Mapped[str] = mapped_column(String(12))
    reception: Mapped[int | None]
    department: Mapped[int | None]
    solved: Mapped[bool | None]
    text: Mapped[str] = mapped_column(Text)
