"""Steps of a case's history are never rewritten: the database itself refuses to change or remove one."""

from schema.migrations.shut import shut

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHAT = "a step of a case is history and is never changed or removed"


def upgrade() -> None:
    """One trigger for every way of changing what happened."""
    shut("case_steps", "history", WHAT)
