"""Daily briefs that are kept, as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class DailyBrief(Base):
    """The brief of a local day that is over; never changed. `body` is of `schema.rules.brief`."""

    __tablename__ = "daily_briefs"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
