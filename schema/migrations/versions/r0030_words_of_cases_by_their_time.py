"""the words of cases by the time they were made: on PostgreSQL a search reads them a stretch of time after the other."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index; it may be there already, made without stopping anybody before the site was brought to this version."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_case_words_made_at", "case_words", ["made_at"], if_not_exists=True)
