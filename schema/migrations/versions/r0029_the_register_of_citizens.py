"""the register of citizens: found by the beginning of a name, corrected by whom and when."""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of names, and corrections."""
    for name in ("name", "number"):
        op.create_index(
            f"ix_citizens_{name}", "citizens", [name], unique=False,
            postgresql_ops={name: "varchar_pattern_ops"},
        )  # fmt: skip
    op.create_table(
        "citizen_steps",
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("citizen", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["citizen"], ["citizens.id"], name=op.f("fk_citizen_steps_citizen_citizens")),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_citizen_steps")),
    )
    op.create_index(op.f("ix_citizen_steps_citizen"), "citizen_steps", ["citizen"], unique=False)
    shut("citizen_steps", "corrections", "a correction is never changed or removed")
