"""Facts about the people who work with Gridline."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKeptOut(Fact):
    """Somebody works here no longer, or is locked out; their sessions and shifts are over."""

    user: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLetIn(Fact):
    """Somebody who was kept out may come in again."""

    user: UUID
