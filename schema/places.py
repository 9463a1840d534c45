"""Grid cells and the working calendar, as rows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class GridCell(Base):
    """A grid cell (单元网格): 15 digits = 6 district, 3 street, 3 community, 3 cell (GB/T 30428).

    `ring` is the outer boundary as [[lon, lat], …] in WGS-84 degrees, first point not repeated. `area` in m².
    """

    __tablename__ = "grid_cells"

    code: Mapped[str] = mapped_column(String(15), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    ring: Mapped[list[Any]]
    area: Mapped[float] = mapped_column(Float, default=0.0)
    worker: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    department: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))


class CalendarDay(Base):
    """A day that is not what its weekday says: a holiday, or a make-up workday (调休)."""

    __tablename__ = "calendar_days"

    calendar: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60), default="")


class CalendarSpan(Base):
    """Working hours of a calendar: `opens` and `closes` are minutes of the local day; `known_to` a date."""

    __tablename__ = "calendar_spans"

    calendar: Mapped[str] = mapped_column(String(20), primary_key=True)
    opens: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]
    known_to: Mapped[date]
    made_at: Mapped[datetime]
