"""Facts about the people who work with Gridline."""

from uuid import UUID

from schema.facts.base import Fact


class UserKeptOut(Fact, frozen=True, kw_only=True):
    """Somebody works here no longer, or is locked out; their sessions and shifts are over."""

    user: UUID


class UserLetIn(Fact, frozen=True, kw_only=True):
    """Somebody who was kept out may come in again."""

    user: UUID
