"""Alarms about room for recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "space_alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("over_told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_alarms")),
    )
    op.create_index(op.f("ix_space_alarms_ended_at"), "space_alarms", ["ended_at"])
