"""Facts about recordings that are kept."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingNoted(Fact):
    """A note was written at a recording, or taken away (`gone`)."""

    recording: UUID
    note: UUID
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsHeld(Fact):
    """The recordings of a contact are under legal hold, or no longer (`held` false)."""

    hold: UUID
    held: bool
    reason: str
    by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSet(Fact):
    """Recordings of a kind are kept for so many days from now on; 0: for good."""

    kind: str
    days: int
    by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceLow(Fact):
    """There is too little room for recordings at a place (`what`: vault or spool, of PBX `node`); bytes."""

    alarm: UUID
    node: str
    what: str
    free: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceRegained(Fact):
    """There is room again at a place that had too little."""

    alarm: UUID
    node: str
    what: str
    free: int
    total: int
