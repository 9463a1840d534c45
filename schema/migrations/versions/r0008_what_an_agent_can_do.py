"""what an agent can do."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """what an agent can do."""
    with op.batch_alter_table("users", schema=None) as batch_op:
        for name in ("languages", "skills", "queues"):
            batch_op.add_column(sa.Column(name, sa.String(length=200), server_default="", nullable=False))
