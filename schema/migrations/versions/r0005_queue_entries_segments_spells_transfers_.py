"""queue entries, segments, spells, transfers, call-backs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """queue entries, segments, spells, transfers, call-backs."""
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("place", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("kept_call", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callbacks_contact"), ["contact"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_state"), ["state"], unique=False)

    op.create_table(
        "seat_spells",
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("call", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("node", "seat", "started_at", "n", name=op.f("pk_seat_spells")),
    )
    with op.batch_alter_table("seat_spells", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_spells_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_spells_user"), ["user"], unique=False)

    op.create_table(
        "queue_entries",
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=True),
        sa.Column("told_position", sa.Integer(), nullable=True),
        sa.Column("told_seconds", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_queue_entries_call_calls")),
        sa.PrimaryKeyConstraint("call", "n", name=op.f("pk_queue_entries")),
    )
    with op.batch_alter_table("queue_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_entries_entered_at"), ["entered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_queue_entries_queue"), ["queue"], unique=False)

    op.create_table(
        "segments",
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("leg", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("leg_kind", sa.String(length=10), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("bridge", sa.String(length=40), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_segments_call_calls")),
        sa.PrimaryKeyConstraint("node", "leg", "n", name=op.f("pk_segments")),
    )
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segments_call"), ["call"], unique=False)
        batch_op.create_index(batch_op.f("ix_segments_seat"), ["seat"], unique=False)
        batch_op.create_index(batch_op.f("ix_segments_started_at"), ["started_at"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_transfers_call_calls")),
        sa.PrimaryKeyConstraint("call", "at", name=op.f("pk_transfers")),
    )
