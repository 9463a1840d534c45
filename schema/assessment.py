"""Points that people gave in an assessment, as rows that are never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class GivenPoints(Base):
    """Points for an item (主观评分) of a unit or a person in a period; the newest count. `order` is unique.

    `kind` is of `schema.rules.assessment.ABOUT`, `period` of `schema.rules.periods`, `item` a code of the book.
    """

    __tablename__ = "given_points"
    __table_args__ = (Index("ix_given_points_period_about", "period", "about"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[UUID]
    period: Mapped[str] = mapped_column(String(24))
    item: Mapped[str] = mapped_column(String(20))
    points: Mapped[float] = mapped_column(Float)
    remark: Mapped[str] = mapped_column(String(300), default="")
    by: Mapped[UUID | None]
    at: Mapped[datetime]
