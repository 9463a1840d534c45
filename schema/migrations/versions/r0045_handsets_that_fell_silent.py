"""Of a handset that falls silent on duty people are told once."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("handsets", sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True))
