"""The root of every fact."""

from datetime import datetime

from msgspec import Struct

from schema.ids import ContactId


class Fact(Struct, frozen=True, kw_only=True):
    """Something that happened `at` a time, for a `contact` (None where no citizen is concerned)."""

    at: datetime
    contact: ContactId | None = None
