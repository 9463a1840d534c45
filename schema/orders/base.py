"""The root of every order."""

from uuid import UUID

from msgspec import Struct, field

from schema.ids import ContactId, uuid7


class Order(Struct, frozen=True, kw_only=True):
    """Something wanted `by` a user (None: by the system itself)."""

    order: UUID = field(default_factory=uuid7)
    by: UUID | None = None
    contact: ContactId | None = None
