"""Campaigns of return visits, reviews, and visits that the voice script makes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_VISITS: tuple[sa.Column[Any], ...] = (
    sa.Column("campaign", sa.Uuid(), nullable=True),
    sa.Column("automatic", sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column("calling", sa.Uuid(), nullable=True),
    sa.Column("called_at", MOMENT, nullable=True),
    sa.Column("reviewed", sa.String(length=10), server_default="", nullable=False),
)


def upgrade() -> None:
    """Make the tables, and the columns of visits."""
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("unfinished", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_at", "campaigns", ["at"])
    op.create_index(op.f("ix_campaigns_closed_at"), "campaigns", ["closed_at"])
    op.create_table(
        "visit_reviews",
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.Uuid(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_visit_reviews")),
    )
    op.create_index(op.f("ix_visit_reviews_visit"), "visit_reviews", ["visit"])
    shut("visit_reviews", "visit_review", "a review of a return visit is never changed or removed")
    for column in _VISITS:
        op.add_column("visits", column)
    op.create_index(op.f("ix_visits_campaign"), "visits", ["campaign"])
