"""How a gap in a recording ended."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column(
        "recording_gaps", sa.Column("by_itself", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
