"""choices of a site's people, and cases found by cell and number, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """choices of a site's people, and cases found by cell and number, newest first."""
    op.create_table(
        "choices",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_choices_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choices")),
        sa.UniqueConstraint("order", name=op.f("uq_choices_order")),
    )
    with op.batch_alter_table("choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choices_name"), ["name"], unique=False)
    op.create_index("ix_cases_cell_made_at", "cases", ["cell", "made_at"])
    op.create_index("ix_cases_number_made_at", "cases", ["number", "made_at"])
    op.drop_index("ix_cases_number", table_name="cases")
