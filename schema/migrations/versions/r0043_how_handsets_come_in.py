"""Codes that enrol a handset, and log-ins on handsets."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "handset_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("worker", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("key", sa.LargeBinary(32)),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_handset_codes_worker", "handset_codes", ["worker"])
    op.create_index("ix_handset_codes_ends_at", "handset_codes", ["ends_at"])
    op.create_table(
        "field_logins",
        sa.Column("device", sa.String(40), sa.ForeignKey("handsets.device"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("worker", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_field_logins_worker", "field_logins", ["worker"])
