"""Numbers that nobody is to call, and citizens whose number was found to be wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the column."""
    op.create_table(
        "do_not_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("visit", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_why", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_call")),
    )
    op.create_index("ix_do_not_call_at", "do_not_call", ["at"])
    op.create_index(op.f("ix_do_not_call_number"), "do_not_call", ["number"])
    op.create_table(
        "do_not_call_spellings",
        sa.Column("entry", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=28), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["do_not_call.id"], name=op.f("fk_do_not_call_spellings_entry_do_not_call")
        ),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_do_not_call_spellings")),
    )
    op.create_index(op.f("ix_do_not_call_spellings_number"), "do_not_call_spellings", ["number"])
    op.add_column("citizens", sa.Column("wrong_at", MOMENT, nullable=True))
