"""The root of every fact."""

from dataclasses import dataclass
from datetime import datetime

from schema.ids import ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened `at` a time, for a `contact` (None where no citizen is concerned)."""

    at: datetime
    contact: ContactId | None = None
