"""Facts about recordings that are kept."""

from uuid import UUID

from schema.facts.base import Fact


class RecordingNoted(Fact, frozen=True, kw_only=True):
    """A note was written at a recording, or taken away (`gone`)."""

    recording: UUID
    note: UUID
    gone: bool = False


class RecordingsHeld(Fact, frozen=True, kw_only=True):
    """The recordings of a contact are under legal hold, or no longer (`held` false)."""

    hold: UUID
    held: bool
    reason: str
    by: UUID | None


class RetentionSet(Fact, frozen=True, kw_only=True):
    """Recordings of a kind are kept for so many days from now on; 0: for good."""

    kind: str
    days: int
    by: UUID | None


class SpaceLow(Fact, frozen=True, kw_only=True):
    """There is too little room for recordings at a place (`what`: vault or spool, of PBX `node`); bytes."""

    alarm: UUID
    node: str
    what: str
    free: int
    total: int


class SpaceRegained(Fact, frozen=True, kw_only=True):
    """There is room again at a place that had too little."""

    alarm: UUID
    node: str
    what: str
    free: int
    total: int
