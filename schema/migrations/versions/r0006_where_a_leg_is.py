"""where a leg is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """where a leg is."""
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bridge", sa.String(length=40), server_default="", nullable=False))
