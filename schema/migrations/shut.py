"""Tables that only grow: the database itself refuses to change or remove a row, whoever asks."""

from alembic import op


def shut(table: str, noun: str, what: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE on `table`, saying `what`; `noun` names PostgreSQL's function.

    A later copy of the table on SQLite (batch_alter_table) drops the triggers and must shut it again.
    """
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{what}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_to_change_{noun}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{what}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_{noun}()"
    )
