"""quality inspection: plans, draws, reviews with their steps and marks, calibrations."""

import sqlalchemy as sa
from alembic import op

from schema.migrations.shut import shut

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; sheets, draws, steps and marks only grow."""
    op.create_table(
        "score_sheets",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_score_sheets")),
    )
    shut("score_sheets", "score_sheet", "a score sheet that was used is never changed or removed")
    op.create_table(
        "quality_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("inspectors", sa.JSON(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_plans")),
        sa.UniqueConstraint("order", name=op.f("uq_quality_plans_order")),
    )
    op.create_table(
        "quality_draws",
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("unheard", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan"], ["quality_plans.id"], name=op.f("fk_quality_draws_plan_quality_plans")
        ),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_quality_draws")),
    )
    op.create_index("ix_quality_draws_plan_week", "quality_draws", ["plan", "week"])
    shut("quality_draws", "quality_draw", "a draw is never changed or removed")
    op.create_table(
        "quality_calibrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("recording", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_calibrations")),
        sa.UniqueConstraint("order", name=op.f("uq_quality_calibrations_order")),
    )
    for column in ("recording", "agent", "at"):
        op.create_index(f"ix_quality_calibrations_{column}", "quality_calibrations", [column])
    _reviews()
    _steps()


def _reviews() -> None:
    op.create_table(
        "quality_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Uuid(), nullable=True),
        sa.Column("draw", sa.Uuid(), nullable=True),
        sa.Column("calibration", sa.Uuid(), nullable=True),
        sa.Column("recording", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Uuid(), nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("call_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("inspector", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=64), nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", BIG, nullable=True),
        sa.Column("percent", sa.Float(), nullable=True),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("fatal", sa.Boolean(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("scored_at", MOMENT, nullable=True),
        sa.Column("appeal_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_quality_reviews_{column}_{target.partition('.')[0]}"))
            for column, target in (
                ("plan", "quality_plans.id"), ("draw", "quality_draws.order"),
                ("calibration", "quality_calibrations.id"), ("agent", "users.id"), ("inspector", "users.id"),
                ("sheet", "score_sheets.key"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_reviews")),
        sa.UniqueConstraint("recording", "plan", name=op.f("uq_quality_reviews_recording_plan")),
        sa.UniqueConstraint("calibration", "inspector", name=op.f("uq_quality_reviews_calibration_inspector")),
    )  # fmt: skip
    op.create_index("ix_quality_reviews_agent_week", "quality_reviews", ["agent", "week"])
    op.create_index("ix_quality_reviews_inspector_state", "quality_reviews", ["inspector", "state"])
    op.create_index("ix_quality_reviews_week", "quality_reviews", ["week"])
    op.create_index(op.f("ix_quality_reviews_draw"), "quality_reviews", ["draw"])


def _steps() -> None:
    op.create_table(
        "quality_steps",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("review", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("percent", sa.Float(), nullable=True),
        sa.Column("fatal", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review"], ["quality_reviews.id"], name=op.f("fk_quality_steps_review_quality_reviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_steps")),
        sa.UniqueConstraint("order", name=op.f("uq_quality_steps_order")),
    )
    op.create_index(op.f("ix_quality_steps_review"), "quality_steps", ["review"])
    shut("quality_steps", "quality_step", "a step of a review is never changed or removed")
    op.create_table(
        "quality_marks",
        sa.Column("step", BIG, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("second", sa.Float(), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["step"], ["quality_steps.id"], name=op.f("fk_quality_marks_step_quality_steps")
        ),
        sa.PrimaryKeyConstraint("step", "item", name=op.f("pk_quality_marks")),
    )
    shut("quality_marks", "quality_mark", "a mark of a review is never changed or removed")
    op.create_table(
        "quality_drafts",
        sa.Column("review", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["review"], ["quality_reviews.id"], name=op.f("fk_quality_drafts_review_quality_reviews")
        ),
        sa.PrimaryKeyConstraint("review", "by", name=op.f("pk_quality_drafts")),
    )
