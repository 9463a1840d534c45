"""responsible units of cases, when they signed, and which cases are confidential.

Cases so far have no responsible unit and are not confidential.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give cases their new columns."""
    # Not in a batch: no copy of what may be ten million cases.
    op.add_column("cases", sa.Column("department", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("confidential", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(op.f("ix_cases_department"), "cases", ["department"], unique=False)
