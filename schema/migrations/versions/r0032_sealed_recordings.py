"""recordings are sealed files with keys of their own; gaps, notes and holds.

What was kept unsealed goes back to be taken: the recordings' room seals it at its next sweep, from where it lies.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

GONE = ("mix", "citizen_side", "seat_side", "mix_sha256", "citizen_sha256", "seat_sha256")


def upgrade() -> None:
    """The tables, and the recordings without their files' columns."""
    op.execute("UPDATE recordings SET state = 'spool' WHERE state = 'kept'")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), server_default="", nullable=False))
        for name in GONE:
            batch_op.drop_column(name)
        batch_op.create_index("ix_recordings_started_at", ["started_at"], unique=False)
        batch_op.create_index("ix_recordings_state_kept_at", ["state", "kept_at"], unique=False)
    op.create_table(
        "recording_files",
        sa.Column("recording", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording"], ["recordings.id"], name=op.f("fk_recording_files_recording_recordings")
        ),
        sa.PrimaryKeyConstraint("recording", "side", name=op.f("pk_recording_files")),
        sa.UniqueConstraint("path", name=op.f("uq_recording_files_path")),
    )
    op.create_table(
        "recording_gaps",
        sa.Column("node", sa.String(length=20), nullable=False),
        sa.Column("leg", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("node", "leg", "began_at", name=op.f("pk_recording_gaps")),
    )
    op.create_table(
        "recording_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("recording", sa.Uuid(), nullable=False),
        sa.Column("second", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_recording_notes_by_users")),
        sa.ForeignKeyConstraint(
            ["recording"], ["recordings.id"], name=op.f("fk_recording_notes_recording_recordings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_notes")),
        sa.UniqueConstraint("order", name=op.f("uq_recording_notes_order")),
    )
    op.create_index(op.f("ix_recording_notes_recording"), "recording_notes", ["recording"], unique=False)
    op.create_table(
        "recording_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_recording_holds_by_users")),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name=op.f("fk_recording_holds_lifted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_holds")),
        sa.UniqueConstraint("order", name=op.f("uq_recording_holds_order")),
    )
    op.create_index(op.f("ix_recording_holds_contact"), "recording_holds", ["contact"], unique=False)
