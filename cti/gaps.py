"""Gaps in what the ears heard, and what the PBX's event log has of them."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from cti import pbxlog, recall
from cti.memory import Memory
from cti.notes import Note
from cti.pbxlog import began
from cti.recall import SLACK, Gap

log = structlog.get_logger()


class Gaps:
    """The gap since the ears heard something, until it is filled. `file` is the PBX's event log, `trunk` the endpoint
    that callers come by, `queue` where they wait; `memory` is asked for each time."""

    def __init__(self, file: Path, trunk: str, queue: str, memory: Callable[[], Memory]) -> None:
        self._file, self._trunk, self._queue, self._memory = file, trunk, queue, memory
        self._gap: Gap | None = None
        self._lost: datetime | None = None
        self._died: datetime | None = None

    def lost(self, at: datetime) -> None:
        """The ears' session has ended."""
        self._lost = at

    def opened(self, at: datetime) -> None:
        """The ears hear again. A gap that nobody has filled yet stays as it was."""
        memory = self._memory()
        if self._gap is None and memory.heard is not None:
            bridges = {uniqueid: leg.bridge for uniqueid, leg in memory.legs.items()}
            self._gap = Gap(memory.heard, at, bridges, self._lost)
        self._lost = None

    async def notes(self) -> list[Note]:
        """What happened in the gap, to be taken in at once, before anything else is heard; it is filled then."""
        gap, self._gap = self._gap, None
        if gap is None:
            return []
        try:
            lines = await asyncio.to_thread(pbxlog.since, self._file, gap.heard - SLACK)
        except OSError as error:
            log.warning("the PBX's event log cannot be read: times are those of our looks", reason=str(error))
            lines = []
        memory = self._memory()
        booted = memory.booted
        self._died = recall.end_of_life(lines, gap, booted) if booted and booted > gap.heard else None
        found = recall.recalled(lines, memory, gap, self._trunk, self._queue)
        if found:
            log.info("recalled what happened while nobody listened", notes=len(found))
        return found

    def dated(self, note: Note) -> Note:
        """A note that a leg is gone, with the time at which its PBX died, if that took it along."""
        if note["What"] != "Gone" or self._died is None or began(note["Uniqueid"]) > self._died:
            return note
        return {**note, "When": self._died.isoformat()}
