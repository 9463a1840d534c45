"""Who had a case at each step and when a clock ended, for counting; points that people gave.

Steps of before say nothing of it: history is not rewritten.
"""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns without a copy of what may be many millions of rows, and make the table that only grows."""
    for name in ("department", "worker"):
        op.add_column("case_steps", sa.Column(name, sa.Uuid(), nullable=True))
    op.add_column("clocks", sa.Column("department", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_clocks_due_at"), "clocks", ["due_at"], unique=False)
    op.create_table(
        "given_points",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_points")),
        sa.UniqueConstraint("order", name=op.f("uq_given_points_order")),
    )
    op.create_index("ix_given_points_period_about", "given_points", ["period", "about"], unique=False)
    # What was given stays; the newest counts.
    shut("given_points", "given_points", "points that were given are never changed or removed")
