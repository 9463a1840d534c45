"""Visits that the voice script is calling are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index: few of many visits are being called."""
    called = sa.text("calling IS NOT NULL")
    op.create_index("ix_visits_calling", "visits", ["calling"], sqlite_where=called, postgresql_where=called)
