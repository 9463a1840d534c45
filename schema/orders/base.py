"""The root of every order."""

from dataclasses import dataclass, field
from uuid import UUID

from schema.ids import ContactId, uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something wanted `by` a user (None: by the system itself)."""

    order: UUID = field(default_factory=uuid7)
    by: UUID | None = None
    contact: ContactId | None = None
