"""urging notices and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """urging notices and messages."""
    op.create_table(
        "notice_wishes",
        sa.Column("user", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.JSON(), nullable=False),
        sa.Column("sms", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_notice_wishes_user_users")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_notice_wishes")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread", sa.Uuid(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_messages_case_cases")),
        sa.ForeignKeyConstraint(["sender"], ["users.id"], name=op.f("fk_messages_sender_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("order", name=op.f("uq_messages_order")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_thread"), ["thread"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=True),
        sa.Column("receiver", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_notices_case_cases")),
        sa.ForeignKeyConstraint(["receiver"], ["users.id"], name=op.f("fk_notices_receiver_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("fact", "receiver", "way", name=op.f("uq_notices_fact_receiver_way")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_receiver"), ["receiver"], unique=False)
        batch_op.create_index("ix_notices_state_next_try", ["state", "next_try"], unique=False)

    op.create_table(
        "supervisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_supervisions_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
    )
    with op.batch_alter_table("supervisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervisions_case"), ["case"], unique=False)

    op.create_table(
        "message_copies",
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("box", sa.String(length=4), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name=op.f("fk_message_copies_message_messages")
        ),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_message_copies_owner_users")),
        sa.PrimaryKeyConstraint("message", "owner", "box", name=op.f("pk_message_copies")),
    )
    with op.batch_alter_table("message_copies", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_copies_owner_box_message", ["owner", "box", "message"], unique=False
        )

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urge_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_cases_urge_at",
            ["urge_at"],
            unique=False,
            sqlite_where=sa.text("urge_at IS NOT NULL"),
            postgresql_where=sa.text("urge_at IS NOT NULL"),
        )

    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rungs", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail", sa.String(length=200), server_default="", nullable=False))

    # Nobody is told of what happened before there were notices: a new group of listeners hears some of the past.
    op.execute(
        "INSERT INTO bus_cursors (\"group\", seq) SELECT 'notices-begin', COALESCE(MAX(seq), 0) FROM outbox"
    )
    # Cases that are open now are looked at once soon: that finds when each is really due to be urged.
    op.execute(
        "UPDATE cases SET urge_at = made_at WHERE due_at IS NOT NULL AND closed_at IS NULL "
        "AND state IN ('filed', 'dispatched', 'handled', 'checked')"
    )
