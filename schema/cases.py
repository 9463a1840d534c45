"""Cases, their history and tasks, and the citizens who asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class Citizen(Base):
    """What a citizen gave: a number, a name, a language. Nothing else is kept about anybody.

    `wrong_at`: somebody called the number then and it was a wrong one, for what was asked from it before.
    """

    __tablename__ = "citizens"
    # Beginnings are looked for, which the city's order of letters does not serve on PostgreSQL.
    __table_args__ = (
        Index("ix_citizens_name", "name", postgresql_ops={"name": "varchar_pattern_ops"}),
        Index("ix_citizens_number", "number", postgresql_ops={"number": "varchar_pattern_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    made_at: Mapped[datetime]
    wrong_at: Mapped[datetime | None]


class CitizenStep(Base):
    """A correction of what is known of a citizen: who made it, when, and of which `fields` ("name language").

    Only ever added, one per order; what was there before is not kept.
    """

    __tablename__ = "citizen_steps"

    order: Mapped[UUID] = mapped_column(primary_key=True)
    citizen: Mapped[UUID] = mapped_column(ForeignKey("citizens.id"), index=True)
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    fields: Mapped[str] = mapped_column(String(40))


class Case(Base):
    """One request, followed until the citizen says it is solved. `state` is of `schema.rules.lifecycle`.

    `category` is a code of `schema.rules.categories`, `channel` a word of the dictionary's list of that name; "" is
    not said.
    `before` is the state it goes back to when it is resumed or unmerged. `merged_into` is the case it was merged into,
    `parent` the one it was split off. `due_at` is None while its clock stands still, and before it is filed; `soon_at`
    is when its light turns yellow. `urge_at` is when its clock comes to the next step of urging: then
    `schema.desk.urging` looks at it.
    `department` is the responsible unit (责任单位) it was dispatched to, `signed_at` when that signed for it (签收).
    `confidential`: seen only by those who may read such cases (see `schema.rules.access`).
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_cell_made_at", "cell", "made_at"),
        Index("ix_cases_number_made_at", "number", "made_at"),
        Index("ix_cases_state_made_at", "state", "made_at"),
        Index("ix_cases_worker_made_at", "worker", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case_no: Mapped[str] = mapped_column(String(24), unique=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    call: Mapped[UUID | None]
    citizen: Mapped[UUID | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    number: Mapped[str] = mapped_column(String(32), default="")
    class_: Mapped[str] = mapped_column("class", String(12))
    kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(6), default="", server_default="", index=True)
    channel: Mapped[str] = mapped_column(String(20), default="", server_default="")
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    cell: Mapped[str] = mapped_column(ForeignKey("grid_cells.code"))
    address: Mapped[str] = mapped_column(String(200), default="")
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(20), default="", server_default="")
    merged_into: Mapped[UUID | None] = mapped_column(index=True)
    parent: Mapped[UUID | None] = mapped_column(index=True)
    worker: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    department: Mapped[UUID | None] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
    soon_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    urge_at: Mapped[datetime | None]
    due_words: Mapped[str] = mapped_column(String(300), default="")
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


# Few of many cases have one: those that are open and not at the end of the ladder.
Index(
    "ix_cases_urge_at",
    Case.urge_at,
    sqlite_where=Case.urge_at.is_not(None),
    postgresql_where=Case.urge_at.is_not(None),
)

# What came in by no call, for the register of contacts: few of many cases.
CAME = Case.call.is_(None)
for _name, _columns in (
    ("ix_cases_came", (Case.made_at,)),
    ("ix_cases_came_channel", (Case.channel, Case.made_at)),
    ("ix_cases_came_made_by", (Case.made_by, Case.made_at)),
):
    Index(_name, *_columns, sqlite_where=CAME, postgresql_where=CAME)


class CaseStep(Base):
    """A step of a case's history: append-only, one per order (`order` is unique).

    `department` and `worker` had the case when the step was taken; of one that hands it over, those who got it, and
    of one that sends it back, those who did. Steps of before that was kept (0026) say neither.
    """

    __tablename__ = "case_steps"
    __table_args__ = (Index("ix_case_steps_hop_at", "hop", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    hop: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]]
    department: Mapped[UUID | None]
    worker: Mapped[UUID | None]


class CaseCounter(Base):
    """The last number given for a class and day: locked while the next case is numbered, so no gaps."""

    __tablename__ = "case_counters"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


class Task(Base):
    """What a grid worker is asked to do for a case.

    `kind`: handle, verify, check. `state`: made, sent, shown, done, recalled. `answer_by`: until when, where that is
    not the case's own time. `gone_at`: the handset it had gone down to said that it took it away after it was recalled.
    """

    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    contact: Mapped[UUID]
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="handle")
    note: Mapped[str] = mapped_column(Text, default="")
    answer_by: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), index=True)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Draft(Base):
    """What an agent has typed for a contact and not filed yet."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user", "contact"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    contact: Mapped[UUID]
    body: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
