"""Registers 台账 that the street and the desks look things up in, as rows; every version can be had back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class Register(Base):
    """A register of things: `name` in addresses, `names` by language; `columns` are its headings, the first the key.

    `version` counts its imports, `rows` what it has now. `order` made it.
    """

    __tablename__ = "registers"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    names: Mapped[dict[str, Any]]
    columns: Mapped[list[Any]]
    version: Mapped[int]
    rows: Mapped[int]
    order: Mapped[UUID] = mapped_column(unique=True)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RegisterImport(Base):
    """How a version of a register came to be: `way` replace, merge, or back (to what version `back_to` said).

    Its id is the order's. `faulty`: rows of the sheet that were left out. Only ever added.
    """

    __tablename__ = "register_imports"
    __table_args__ = (UniqueConstraint("register", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(ForeignKey("registers.name"))
    version: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    back_to: Mapped[int | None]
    file: Mapped[str] = mapped_column(String(100))
    columns: Mapped[list[Any]]
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    faulty: Mapped[int]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class RegisterRow(Base):
    """A row as it was from version `since` until (not included) version `until`; None: it is so now.

    `values` in the order of the columns; `words` is what it is found by; `lon`, `lat` WGS-84 degrees, or None.
    """

    __tablename__ = "register_rows"
    __table_args__ = (
        UniqueConstraint("register", "key", "since"),
        Index("ix_register_rows_now", "register", "until", "key"),
        Index("ix_register_rows_place", "lon", "lat"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    register: Mapped[str] = mapped_column(ForeignKey("registers.name"))
    key: Mapped[str] = mapped_column(String(60))
    values: Mapped[list[Any]]
    words: Mapped[str] = mapped_column(Text)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    since: Mapped[int]
    until: Mapped[int | None]
