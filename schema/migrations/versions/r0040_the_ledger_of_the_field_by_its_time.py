"""What handsets said on a day is found at once: for the day's digest, and for the audit of a time."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_inbox_at"), "inbox", ["at"])
