"""posts with rights of the site's own, orders about people, departments that close, users who are locked.

Everybody is as before: no post differs from the table of rights.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the new tables, and give users and departments their new columns."""
    op.create_table(
        "posts",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_posts")),
    )
    op.create_table(
        "people_steps",
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_people_steps")),
    )
    op.add_column("departments", sa.Column("closed_at", MOMENT, nullable=True))
    op.add_column("users", sa.Column("work_phone", sa.String(length=32), server_default="", nullable=False))
    op.add_column("users", sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("last_login_at", MOMENT, nullable=True))
