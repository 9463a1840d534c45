"""questions by voice about a case by its number: a row a try."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, and its indexes by who asked and about what."""
    op.create_table(
        "status_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=True),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_status_asks_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_asks")),
    )
    op.create_index("ix_status_asks_number_at", "status_asks", ["number", "at"], unique=False)
    op.create_index("ix_status_asks_case_at", "status_asks", ["case", "at"], unique=False)
