"""What the people of a site choose while it runs, as rows: nothing is overwritten, the newest choice counts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class Choice(Base):
    """A value chosen for `name` ("duplicates.threshold"), by whom and when; `order` is unique."""

    __tablename__ = "choices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    value: Mapped[float] = mapped_column(Float)
    order: Mapped[UUID] = mapped_column(unique=True)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
