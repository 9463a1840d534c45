"""A flag on reports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reports made before have nothing doubtful about them."""
    with op.batch_alter_table("reports") as reports:
        reports.add_column(sa.Column("flag", sa.String(length=20), server_default="", nullable=False))
