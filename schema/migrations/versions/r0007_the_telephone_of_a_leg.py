"""the telephone of a leg."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """the telephone of a leg."""
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=32), server_default="", nullable=False))
