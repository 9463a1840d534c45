"""the audit log becomes a chain of hashes: rows are numbered without gaps and never changed or removed.

Rows written so far are chained in their order.
"""

import sqlalchemy as sa
from alembic import op

from schema.base import UtcDateTime
from schema.migrations.shut import shut
from schema.rules.auditchain import START, Entry, hash_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHAT = "a row of the audit log is never changed or removed"
PAGE = 1000


def upgrade() -> None:
    """Number and chain what is there; then shut the table to all but new rows."""
    op.add_column("audit", sa.Column("hash", sa.String(length=64), nullable=True))
    _chain()
    with op.batch_alter_table("audit") as table:
        table.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
    for name in ("login", "what", "subject"):
        op.create_index(f"ix_audit_{name}_id", "audit", [name, "id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        # Numbers are given by the audit desk: a sequence has gaps.
        op.execute("ALTER TABLE audit ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE IF EXISTS audit_id_seq")
    shut("audit", "audit", WHAT)


def _chain() -> None:
    audit = sa.table(
        "audit", sa.column("id", sa.BigInteger), sa.column("at", UtcDateTime), sa.column("who", sa.Uuid),
        sa.column("login", sa.String), sa.column("ip", sa.String), sa.column("what", sa.String),
        sa.column("subject", sa.String), sa.column("allowed", sa.Boolean), sa.column("reason", sa.String),
        sa.column("hash", sa.String),
    )  # fmt: skip
    fields = [column for column in audit.c if column.name != "hash"]
    # New numbers are never above the old ones, and in ascending order each is free by the time it is given.
    update = (
        audit.update()
        .where(audit.c.id == sa.bindparam("old"))
        .values(id=sa.bindparam("new"), hash=sa.bindparam("chained"))
    )
    bind = op.get_bind()
    number, before, old = 0, START, 0
    while rows := bind.execute(
        sa.select(*fields).where(audit.c.id > old).order_by(audit.c.id).limit(PAGE)
    ).all():
        changes = []
        for row in rows:
            number += 1
            before = hash_of(before, Entry(number, *row[1:]))
            changes.append({"old": row[0], "new": number, "chained": before})
        bind.execute(update, changes)
        old = rows[-1][0]
