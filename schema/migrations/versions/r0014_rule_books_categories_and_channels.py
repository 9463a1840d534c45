"""The site's rule books; the category of a case, the way it came, and the policy its clock was counted by."""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table that is never changed, and give cases and clocks their new columns."""
    op.create_table(
        "rulebooks",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("order", name=op.f("uq_rulebooks_order")),
    )
    # What cases were filed by stays.
    shut("rulebooks", "rulebooks", "a version of a rule book is never changed or removed")
    # Not in a batch: no copy of what may be ten million cases.
    for name, length in (("category", 6), ("channel", 20)):
        op.add_column("cases", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.add_column("clocks", sa.Column("policy", sa.String(length=40), server_default="", nullable=False))
    op.execute("UPDATE cases SET channel = 'phone' WHERE call IS NOT NULL")
    op.create_index(op.f("ix_cases_category"), "cases", ["category"], unique=False)
