"""Saved views of the list of cases, as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class SavedView(Base):
    """A list of cases under a name; `query` is the part of its address behind the question mark.

    `shared` ones are everybody's. `id` is the order's that saved it. `dropped_at`: thrown away, and can be taken back.
    """

    __tablename__ = "saved_views"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    made_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class FirstView(Base):
    """The view that somebody's list of cases begins with."""

    __tablename__ = "first_views"

    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    view: Mapped[UUID] = mapped_column(ForeignKey("saved_views.id"))
