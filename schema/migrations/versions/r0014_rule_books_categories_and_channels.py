"""The site's rule books; the category of a case, the way it came, and the policy its clock was counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table that is never changed, and give cases and clocks their new columns."""
    op.create_table(
        "rulebooks",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("order", name=op.f("uq_rulebooks_order")),
    )
    _never_changed()
    # Not in a batch: no copy of what may be ten million cases.
    for name, length in (("category", 6), ("channel", 20)):
        op.add_column("cases", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.add_column("clocks", sa.Column("policy", sa.String(length=40), server_default="", nullable=False))
    op.execute("UPDATE cases SET channel = 'phone' WHERE call IS NOT NULL")
    op.create_index(op.f("ix_cases_category"), "cases", ["category"], unique=False)


def _never_changed() -> None:
    """What cases were filed by stays: the database itself refuses to change or remove a version."""
    what = "a version of a rule book is never changed or removed"
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER rulebooks_no_{event.lower()} BEFORE {event} ON rulebooks "
                f"BEGIN SELECT RAISE(ABORT, '{what}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_to_change_rulebooks() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{what}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER rulebooks_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebooks "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_rulebooks()"
    )
