"""Orders about recordings that are kept."""

from dataclasses import dataclass
from uuid import UUID

from schema.ids import ContactId
from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecording(Order):
    """Write a note at a `second` of a recording."""

    recording: UUID
    second: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRecordingNote(Order):
    """Take a note away: one's own, or with the right to hold any."""

    note: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRecordings(Order):
    """Put all recordings of a contact under legal hold."""

    contact: ContactId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecordings(Order):
    """Lift a legal `hold`."""

    hold: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRetention(Order):
    """Keep recordings of a `kind` (see `schema.rules.keeping`) for so many days; 0: for good."""

    kind: str
    days: int
