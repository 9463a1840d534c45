"""Questions by voice about a case by its number, as rows: what was tried from which telephone, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class StatusAsk(Base):
    """One try: a number looked up, or an answer compared. `id` is the order's; `number` the telephone that rang ("" for
    one that does not show its number); `result` as in `schema.rules.caseasking`; `case` when there was one."""

    __tablename__ = "status_asks"
    __table_args__ = (
        Index("ix_status_asks_number_at", "number", "at"),
        Index("ix_status_asks_case_at", "case", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    contact: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(32))
    case: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    result: Mapped[str] = mapped_column(String(10))
