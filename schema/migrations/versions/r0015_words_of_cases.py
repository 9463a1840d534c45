"""the words that cases are found by, when lights turn yellow, and what lists are chosen by.

The words of the cases there are, are written here, a batch at a time. A later migration that copies `case_words` on
SQLite (batch_alter_table) drops the triggers and must make them again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from schema.desk.casewords import fill_words

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of words, fill it, then its index; and the other indexes of lists."""
    op.add_column("cases", sa.Column("soon_at", MOMENT, nullable=True))
    op.create_index("ix_cases_state_made_at", "cases", ["state", "made_at"])
    op.create_index("ix_cases_worker_made_at", "cases", ["worker", "made_at"])
    op.create_index("ix_cases_due_at", "cases", ["due_at"])
    op.create_index("ix_cases_closed_at", "cases", ["closed_at"])
    op.drop_index("ix_cases_state", table_name="cases")
    op.create_table(
        "case_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_words_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_words")),
        sa.UniqueConstraint("case", name=op.f("uq_case_words_case")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _index_on_sqlite()
        fill_words(connection)
        return
    fill_words(connection)
    # What waits to be sorted in is read by every search: little of it, and few writers pay for sorting it in.
    op.create_index(
        "ix_case_words_words", "case_words", ["words"], postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )  # fmt: skip


def _index_on_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE case_fts USING fts5("
        "words, content='case_words', content_rowid='id', tokenize=\"ascii tokenchars '_'\", detail=none)"
    )
    new = "INSERT INTO case_fts(rowid, words) VALUES (new.id, new.words);"
    old = "INSERT INTO case_fts(case_fts, rowid, words) VALUES ('delete', old.id, old.words);"
    for event, what in (("INSERT", new), ("DELETE", old), ("UPDATE", old + " " + new)):
        op.execute(f"CREATE TRIGGER case_words_{event.lower()} AFTER {event} ON case_words BEGIN {what} END")
