"""Orders about recordings that are kept."""

from uuid import UUID

from schema.ids import ContactId
from schema.orders.base import Order


class NoteRecording(Order, frozen=True, kw_only=True):
    """Write a note at a `second` of a recording."""

    recording: UUID
    second: float
    text: str


class DropRecordingNote(Order, frozen=True, kw_only=True):
    """Take a note away: one's own, or with the right to hold any."""

    note: UUID


class HoldRecordings(Order, frozen=True, kw_only=True):
    """Put all recordings of a contact under legal hold."""

    contact: ContactId
    reason: str


class ReleaseRecordings(Order, frozen=True, kw_only=True):
    """Lift a legal `hold`."""

    hold: UUID


class SetRetention(Order, frozen=True, kw_only=True):
    """Keep recordings of a `kind` (see `schema.rules.keeping`) for so many days; 0: for good."""

    kind: str
    days: int
