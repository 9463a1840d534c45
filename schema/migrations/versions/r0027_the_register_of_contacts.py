"""the register of contacts: calls by number, outcome and person in order of time, and cases that came by no call."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
CALLS = ("number", "outcome", "user")
CASES = {"": ["made_at"], "_channel": ["channel", "made_at"], "_made_by": ["made_by", "made_at"]}


def upgrade() -> None:
    """The register's indexes."""
    for column in CALLS:
        op.create_index(f"ix_calls_{column}_entered_at", "calls", [column, "entered_at"], unique=False)
    # What begins the new ones is found by them.
    op.drop_index("ix_calls_number", table_name="calls")
    op.drop_index("ix_calls_outcome", table_name="calls")
    came = sa.column("call").is_(None)
    for name, columns in CASES.items():
        op.create_index(
            f"ix_cases_came{name}", "cases", columns, unique=False, sqlite_where=came, postgresql_where=came
        )
