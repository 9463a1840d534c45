"""Files that belong to cases (附件), as rows; the bytes lie in the vault."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class CaseFile(Base):
    """A letter, a picture or another file of a case: `type` is its media type, as its bytes say; `size` in bytes.

    `path` is from the vault's folder, `sha256` in hex. `words` is how many characters of its text the case is found by.
    One that is taken back (`back_at`) stays where it is, for those who look into what was.
    """

    __tablename__ = "case_files"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(120))
    words: Mapped[int]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    back_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    back_at: Mapped[datetime | None]
