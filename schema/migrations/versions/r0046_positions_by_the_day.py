"""positions by the day: what a track is made of, the newest of each handset, and the towers cells are looked up in."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEPT = ("device", "fixed_at", "worker", "lon", "lat", "accuracy", "source", "flag", "at")


def upgrade() -> None:
    """A table of parts on PostgreSQL (one for each day is made when the day comes); copied on both."""
    is_parted = op.get_bind().dialect.name == "postgresql"
    op.rename_table("positions", "old_positions")
    op.drop_index("ix_positions_worker_fixed_at", "old_positions")
    if is_parted:
        op.execute("ALTER TABLE old_positions RENAME CONSTRAINT pk_positions TO pk_old_positions")
    floats = ("speed", "bearing", "altitude")
    fused = ("fused_lon", "fused_lat", "fused_accuracy")
    op.create_table(
        "positions",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("flag", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Float(), nullable=True) for name in floats),
        sa.Column("cells", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Float(), nullable=True) for name in fused),
        sa.PrimaryKeyConstraint("device", "fixed_at", name="pk_positions"),
        postgresql_partition_by="RANGE (fixed_at)",
    )
    if is_parted:
        op.execute("CREATE TABLE positions_rest PARTITION OF positions DEFAULT")
    columns = ", ".join(KEPT)
    op.execute(f"INSERT INTO positions ({columns}) SELECT {columns} FROM old_positions")  # noqa: S608
    op.drop_table("old_positions")
    numbers = ("lon", "lat", "accuracy", "fused_lon", "fused_lat", "east", "north", "place", "both", "pace")
    op.create_table(
        "track_heads",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Float(), nullable=False) for name in numbers),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_track_heads"),
    )
    op.create_index("ix_track_heads_worker", "track_heads", ["worker"])
    op.create_table(
        "towers",
        sa.Column("mcc", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mnc", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lac", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("radio", sa.String(length=8), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("range", sa.Float(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mcc", "mnc", "lac", "cid", name="pk_towers"),
    )
