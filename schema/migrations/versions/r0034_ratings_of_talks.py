"""what citizens think of the talk with an agent: a row a call."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, and its indexes by time and by agent."""
    op.create_table(
        "call_ratings",
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=True),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_call_ratings_call_calls")),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_call_ratings")),
    )
    op.create_index(op.f("ix_call_ratings_at"), "call_ratings", ["at"], unique=False)
    op.create_index(op.f("ix_call_ratings_user"), "call_ratings", ["user"], unique=False)
