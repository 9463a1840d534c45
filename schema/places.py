"""Grid cells, as rows."""

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
