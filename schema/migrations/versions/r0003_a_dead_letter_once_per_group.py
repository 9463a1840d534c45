"""A dead letter once per group."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A message heard again after it was set aside is not set aside twice."""
    with op.batch_alter_table("dead_letters") as dead_letters:
        dead_letters.create_unique_constraint("uq_dead_letters_group_key", ["group", "key"])
