"""What people put on cases for themselves or for everybody, as rows: that they follow one, that one is hot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class CaseMark(Base):
    """A mark put on a case (`on`) or taken off; the table only grows, the last row of a kind counts.

    `kind`: follow (each person's own) or hot (the case's, whoever put it there). `order` is the order's id.
    """

    __tablename__ = "case_marks"
    __table_args__ = (
        Index("ix_case_marks_case_kind", "case", "kind"),
        Index("ix_case_marks_by_kind", "by", "kind"),
    )

    n: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    order: Mapped[UUID] = mapped_column(unique=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(10))
    by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    on: Mapped[bool]
    text: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
