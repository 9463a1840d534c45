"""captchas, log-ins half done, second factors and their recovery codes; when a password was set, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """New tables, and two columns of users."""
    op.create_table(
        "captchas",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captchas")),
    )
    op.create_index(op.f("ix_captchas_ends_at"), "captchas", ["ends_at"], unique=False)
    op.create_table(
        "half_logins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("next", sa.String(length=300), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_half_logins_user_users")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_half_logins")),
    )
    op.create_index(op.f("ix_half_logins_user"), "half_logins", ["user"], unique=False)
    op.create_table(
        "second_factors",
        sa.Column("user", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", BIG, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_second_factors_user_users")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Uuid(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_recovery_codes_user_users")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user"), "recovery_codes", ["user"], unique=False)
    op.add_column("users", sa.Column("password_at", MOMENT, nullable=True))
    op.add_column(
        "users", sa.Column("password_temporary", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
