"""The words that cases are found by, as rows; only `schema.desk.casewords` writes them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId
from schema.positions import PART

INDEX = "case_fts"
"""SQLite's index of the words (FTS5), kept by triggers; it makes tables of its own beside it."""
fts = table(INDEX, column("rowid"), column(INDEX))


class CaseWords(Base):
    """Every token of a case, its history and what came with it, each before it the week of `made_at`, the case's.

    On PostgreSQL a tsvector without positions under a GIN index, on SQLite the tokens with a space between.
    """

    __tablename__ = "case_words"
    __table_args__ = (
        Index("ix_case_words_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
        Index("ix_case_words_made_at", "made_at").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    case: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), unique=True)
    made_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


def is_compared(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether Alembic may compare this with what is mapped: not what only one of the databases has."""
    if kind == "index":
        return name not in ("ix_case_words_words", "ix_case_words_made_at")
    return kind != "table" or not str(name).startswith((INDEX, PART))
