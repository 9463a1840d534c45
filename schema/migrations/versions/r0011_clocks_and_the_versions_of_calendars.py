"""clocks of cases, the versions of calendars, extensions; what a case was before, was merged into, was split off.

A calendar kept so far becomes version 1 of its name. Cases filed so far get their clock when something is first done
to it (see `schema.desk.clocks`).
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the new tables, bring the calendars over, and give cases their new columns."""
    op.create_table(
        "calendars",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_calendars")),
    )
    _bring_calendars_over()
    # What clocks were counted with stays.
    shut("calendars", "calendars", "a version of a calendar is never changed or removed")
    op.drop_table("calendar_days")
    op.drop_table("calendar_spans")
    op.create_table(
        "clocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("calendar", sa.String(length=20), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["after"], ["clocks.id"], name=op.f("fk_clocks_after_clocks")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_clocks_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("case", "number", name=op.f("uq_clocks_case_number")),
    )
    op.create_table(
        "clock_intervals",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("clock", sa.Uuid(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["clock"], ["clocks.id"], name=op.f("fk_clock_intervals_clock_clocks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_intervals")),
    )
    op.create_index(op.f("ix_clock_intervals_clock"), "clock_intervals", ["clock"], unique=False)
    op.create_table(
        "extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_extensions_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_case"), "extensions", ["case"], unique=False)
    # Not in a batch: no copy of what may be ten million cases.
    op.add_column("cases", sa.Column("before", sa.String(length=20), server_default="", nullable=False))
    op.add_column("cases", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("parent", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_cases_merged_into"), "cases", ["merged_into"], unique=False)
    op.create_index(op.f("ix_cases_parent"), "cases", ["parent"], unique=False)


def _bring_calendars_over() -> None:
    spans = sa.table("calendar_spans", sa.column("calendar", sa.String), sa.column("opens", sa.Integer),
                     sa.column("closes", sa.Integer), sa.column("known_to", sa.Date), sa.column("made_at", MOMENT))  # fmt: skip
    days = sa.table("calendar_days", sa.column("calendar", sa.String), sa.column("day", sa.Date),
                    sa.column("works", sa.Boolean), sa.column("name", sa.String))  # fmt: skip
    versions = sa.table("calendars", sa.column("name", sa.String), sa.column("version", sa.Integer),
                        sa.column("body", sa.JSON), sa.column("made_at", MOMENT))  # fmt: skip
    bind = op.get_bind()
    bodies: dict[str, dict[str, Any]] = {}
    known: dict[str, tuple[date, datetime]] = {}
    for row in bind.execute(sa.select(spans).order_by(spans.c.opens)):
        body = bodies.setdefault(row.calendar, {"week": [0, 1, 2, 3, 4], "spans": [], "days_off": {}, "workdays": {},
                                                "hours": {}})  # fmt: skip
        body["spans"].append([row.opens, row.closes])
        known_to, _ = known.get(row.calendar, (row.known_to, row.made_at))
        known[row.calendar] = min(known_to, row.known_to), row.made_at
    for row in bind.execute(sa.select(days).order_by(days.c.day)):
        if row.calendar in bodies:
            bodies[row.calendar]["workdays" if row.works else "days_off"][row.day.isoformat()] = row.name
    for name, body in bodies.items():
        known_to, made_at = known[name]
        body["known_to"] = known_to.isoformat()
        bind.execute(versions.insert().values(name=name, version=1, body=body, made_at=made_at))
