"""Until when a task is to be answered, where that is not the case's own time."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("tasks", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))
