"""Steps of a case's history are never rewritten: the database itself refuses to change or remove one.

A later migration that copies the table on SQLite (batch_alter_table) drops these triggers and must make them again.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHAT = "a step of a case is history and is never changed or removed"


def upgrade() -> None:
    """One trigger for every way of changing what happened."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_steps_no_{event.lower()} BEFORE {event} ON case_steps "
                f"BEGIN SELECT RAISE(ABORT, '{WHAT}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{WHAT}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_steps_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON case_steps "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history()"
    )
