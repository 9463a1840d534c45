"""Return visits: which agent calls the citizen of a closed case, and every try."""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; those of gifts and tries only grow."""
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("ended", sa.String(length=12), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reception", sa.Integer(), nullable=True),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["users.id"], name=op.f("fk_visits_agent_users")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_visits_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("case", "closed_at", name=op.f("uq_visits_case_closed_at")),
    )
    op.create_index("ix_visits_agent_ended", "visits", ["agent", "ended"])
    op.create_index("ix_visits_ended_at", "visits", ["ended_at"])
    op.create_index("ix_visits_given_at", "visits", ["given_at"])
    still_open = sa.text("ended = ''")
    op.create_index(
        "ix_visits_next_at", "visits", ["next_at"], sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_table(
        "visit_gifts",
        sa.Column(
            "n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visits.id"], name=op.f("fk_visit_gifts_visit_visits")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_visit_gifts")),
        sa.UniqueConstraint("order", "visit", name=op.f("uq_visit_gifts_order_visit")),
    )
    op.create_index(op.f("ix_visit_gifts_visit"), "visit_gifts", ["visit"])
    shut("visit_gifts", "visit_gift", "who was given a return visit is never changed or removed")
    op.create_table(
        "visit_tries",
        sa.Column(
            "n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("ended", sa.String(length=12), nullable=False),
        sa.Column("reception", sa.Integer(), nullable=True),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_visit_tries_case_cases")),
        sa.ForeignKeyConstraint(["visit"], ["visits.id"], name=op.f("fk_visit_tries_visit_visits")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_visit_tries")),
        sa.UniqueConstraint("order", name=op.f("uq_visit_tries_order")),
    )
    op.create_index(op.f("ix_visit_tries_case"), "visit_tries", ["case"])
    op.create_index(op.f("ix_visit_tries_visit"), "visit_tries", ["visit"])
    shut("visit_tries", "visit_try", "a try of a return visit is never changed or removed")
