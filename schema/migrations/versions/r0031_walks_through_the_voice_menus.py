"""how citizens go through the voice menus: a row a call."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, and its index by time."""
    op.create_table(
        "menu_walks",
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("left", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_menu_walks_call_calls")),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_menu_walks")),
    )
    op.create_index(op.f("ix_menu_walks_at"), "menu_walks", ["at"], unique=False)
