"""seats with a telephone instead of a browser."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """seats with a telephone instead of a browser."""
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("webrtc", sa.Boolean(), server_default=sa.true(), nullable=False))
