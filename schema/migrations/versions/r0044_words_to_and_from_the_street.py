"""Words to and from the street, versions of reports, messages set aside, and what handsets say of themselves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _settled() -> tuple[sa.Column[Any], ...]:
    return (sa.Column("settled_by", sa.Uuid(), nullable=True), sa.Column("settled_at", MOMENT, nullable=True))


def _text(name: str, length: int, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


def upgrade() -> None:
    """Make the tables, and the columns of handsets, messages, reports, media and tasks."""
    _messages()
    _reports()
    _columns()


def _messages() -> None:
    op.create_table(
        "field_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_field_messages_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_messages")),
    )
    op.create_index(op.f("ix_field_messages_at"), "field_messages", ["at"])
    op.create_table(
        "field_message_copies",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        _text("device", 40),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        _text("shown_on", 40),
        sa.ForeignKeyConstraint(
            ["message"], ["field_messages.id"], name=op.f("fk_field_message_copies_message_field_messages")
        ),
        sa.ForeignKeyConstraint(["worker"], ["users.id"], name=op.f("fk_field_message_copies_worker_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_field_message_copies")),
        sa.UniqueConstraint(
            "message", "worker", "device", name=op.f("uq_field_message_copies_message_worker_device")
        ),
    )
    for who in ("worker", "device"):
        op.create_index(f"ix_field_message_copies_{who}_shown_at", "field_message_copies", [who, "shown_at"])
    op.create_table(
        "field_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _text("flag", 20),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["worker"], ["users.id"], name=op.f("fk_field_notes_worker_users")),
        sa.ForeignKeyConstraint(["read_by"], ["users.id"], name=op.f("fk_field_notes_read_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_notes")),
    )
    op.create_index(op.f("ix_field_notes_at"), "field_notes", ["at"])
    op.create_index(op.f("ix_field_notes_worker"), "field_notes", ["worker"])


def _reports() -> None:
    op.create_table(
        "report_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("lon", "lat", "accuracy")),
        _text("cell", 15),
        _text("flag", 20),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_settled(),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name=op.f("fk_report_versions_report_reports")),
        sa.ForeignKeyConstraint(["worker"], ["users.id"], name=op.f("fk_report_versions_worker_users")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["users.id"], name=op.f("fk_report_versions_settled_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_versions")),
        sa.UniqueConstraint("report", "version", name=op.f("uq_report_versions_report_version")),
    )
    op.create_index(op.f("ix_report_versions_report"), "report_versions", ["report"])
    op.create_index("ix_report_versions_state_at", "report_versions", ["state", "at"])
    op.create_table(
        "poisons",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        *_settled(),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_poisons_settled_by_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_poisons")),
        sa.UniqueConstraint("body_hash", name=op.f("uq_poisons_body_hash")),
    )
    op.create_index(op.f("ix_poisons_device"), "poisons", ["device"])
    op.create_index(op.f("ix_poisons_last_at"), "poisons", ["last_at"])


def _columns() -> None:
    for column in (
        sa.Column("key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("key_revoked_at", MOMENT, nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("charging", sa.Boolean(), nullable=True),
        _text("version", 20),
        sa.Column("backlog", sa.Integer(), nullable=True),
        sa.Column("free_mb", sa.Integer(), nullable=True),
        sa.Column("status_at", MOMENT, nullable=True),
        sa.Column("wiped_at", MOMENT, nullable=True),
    ):
        op.add_column("handsets", column)
    op.add_column("inbox", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.create_index("ix_inbox_device_seq", "inbox", ["device", "seq"])
    op.add_column("reports", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("reports", sa.Column("told_at", MOMENT, nullable=True))
    op.add_column("media", _text("kind", 8, "photo"))
    op.add_column("media", sa.Column("of", sa.Uuid(), nullable=True))
    op.add_column("media", sa.Column("edit", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("recalled_at", MOMENT, nullable=True))
    op.add_column("tasks", sa.Column("gone_at", MOMENT, nullable=True))
    with op.batch_alter_table("inbox_conflicts") as conflicts:
        for column in _settled():
            conflicts.add_column(column)
        conflicts.create_foreign_key(
            op.f("fk_inbox_conflicts_settled_by_users"), "users", ["settled_by"], ["id"]
        )
