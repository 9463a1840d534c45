"""text messages to citizens: a notice may have no receiver among the users."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The receiver may be nobody of the house."""
    with op.batch_alter_table("notices") as batch:
        batch.alter_column("receiver", existing_type=sa.Uuid(), nullable=True)
