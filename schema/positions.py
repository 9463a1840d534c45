"""Positions of handsets on duty, where each was last, and the cell towers that places are told by, as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base

PART = "positions_"
"""What the names of the parts of the table begin with that PostgreSQL keeps positions in (`schema.partitions`)."""


class Position(Base):
    """A position on duty: raw as sent; `flag` says why it is not trusted (`schema.rules.positionfilters`; "": it is).

    `fixed_at` is when it was, corrected when the handset's clock was wrong: then `told_at` is what that said. `lon` and
    `lat` are null where only radio cells were heard, `cells` those as JSON. What was made of it together with the
    positions before it is `fused_lon`, `fused_lat`, `fused_accuracy` (68 %), null for one that is not trusted.
    WGS-84 degrees, metres, metres a second, degrees clockwise from north. On PostgreSQL a part for each UTC day.
    """

    __tablename__ = "positions"
    # No index but the key's: one more would cost a third of the pace at which positions come in. A worker's are found
    # by the devices they were on duty with.
    __table_args__ = ({"postgresql_partition_by": "RANGE (fixed_at)"},)

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    fixed_at: Mapped[datetime] = mapped_column(primary_key=True)
    worker: Mapped[UUID]
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(8), default="gps")
    flag: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    speed: Mapped[float | None] = mapped_column(Float)
    bearing: Mapped[float | None] = mapped_column(Float)
    altitude: Mapped[float | None] = mapped_column(Float)
    cells: Mapped[str | None] = mapped_column(Text)
    fused_lon: Mapped[float | None] = mapped_column(Float)
    fused_lat: Mapped[float | None] = mapped_column(Float)
    fused_accuracy: Mapped[float | None] = mapped_column(Float)


class TrackHead(Base):
    """Where a device was last, as far as it is trusted, and what the next position is judged and fused by.

    `lon`, `lat`, `accuracy` as sent at `fixed_at`; the rest is `schema.rules.kalman.State`. `taken_at` is our time of
    it; `stored` counts the positions kept on the UTC day `day` (days since 1970). Empty (`fixed_at` null) until one is
    trusted.
    """

    __tablename__ = "track_heads"

    device: Mapped[str] = mapped_column(String(40), primary_key=True)
    worker: Mapped[UUID | None] = mapped_column(index=True)
    fixed_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    lon: Mapped[float] = mapped_column(Float, default=0.0)
    lat: Mapped[float] = mapped_column(Float, default=0.0)
    accuracy: Mapped[float] = mapped_column(Float, default=0.0)
    fused_lon: Mapped[float] = mapped_column(Float, default=0.0)
    fused_lat: Mapped[float] = mapped_column(Float, default=0.0)
    east: Mapped[float] = mapped_column(Float, default=0.0)
    north: Mapped[float] = mapped_column(Float, default=0.0)
    place: Mapped[float] = mapped_column(Float, default=0.0)
    both: Mapped[float] = mapped_column(Float, default=0.0)
    pace: Mapped[float] = mapped_column(Float, default=0.0)
    day: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)


class TowerRow(Base):
    """A radio cell as `schema.rules.celltowers.Tower` has it, imported by `gridline towers import`."""

    __tablename__ = "towers"

    mcc: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mnc: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lac: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    cid: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    radio: Mapped[str] = mapped_column(String(8), default="")
    lon: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    range: Mapped[float] = mapped_column(Float)
    samples: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
