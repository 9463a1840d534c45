"""marks on cases, daily briefs, leaders' instructions beside supervision orders."""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the new tables and columns, and an index by which a day's steps are found."""
    op.create_table(
        "case_marks",
        sa.Column(
            "n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_case_marks_by_users")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_marks_case_cases")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_case_marks")),
        sa.UniqueConstraint("order", name=op.f("uq_case_marks_order")),
    )
    op.create_index("ix_case_marks_by_kind", "case_marks", ["by", "kind"])
    op.create_index("ix_case_marks_case_kind", "case_marks", ["case", "kind"])
    shut("case_marks", "case_mark", "a mark on a case is never changed or removed")
    op.create_table(
        "daily_briefs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_briefs")),
    )
    shut("daily_briefs", "daily_brief", "a daily brief is never changed or removed")
    op.create_index("ix_case_steps_hop_at", "case_steps", ["hop", "at"])
    op.add_column(
        "supervisions", sa.Column("kind", sa.String(length=10), server_default="supervise", nullable=False)
    )
    op.add_column("supervisions", sa.Column("person", sa.Uuid(), nullable=True))
    op.add_column("supervisions", sa.Column("read_by", sa.Uuid(), nullable=True))
    op.add_column("supervisions", sa.Column("read_at", MOMENT, nullable=True))
