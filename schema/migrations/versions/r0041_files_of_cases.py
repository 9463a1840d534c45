"""Files that belong to cases."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("back_by", sa.Uuid(), nullable=True),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["back_by"], ["users.id"], name=op.f("fk_case_files_back_by_users")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_case_files_by_users")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_files_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    op.create_index(op.f("ix_case_files_case"), "case_files", ["case"])
