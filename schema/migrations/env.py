"""What Alembic runs for every command: compares or migrates over the connection that `schema.upgrade` hands it."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from schema.base import UtcDateTime
from schema.casewords import is_compared
from schema.tables import metadata


def render(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """A migration must not change when our own types do, so it names only SQLAlchemy's."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite alters a table by copying it; and it does roll DDL back, once pysqlite's own handling is off.
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    render_item=render,
    include_object=is_compared,
)
with context.begin_transaction():
    context.run_migrations()
