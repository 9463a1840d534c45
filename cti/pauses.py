"""Pauses of recordings that end by themselves: what an agent forgot to resume is resumed after a time the site sets."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from cti import notes, speaks_talk
from cti.acd import Speaks
from cti.hears import Hearing
from cti.link import ActionFailed, LinkDown, LinkLost
from cti.notes import Note
from schema.facts import Fact, LegEnded, RecordingPaused, RecordingResumed

AGAIN = 1.0
"""Seconds until it is tried again, when the PBX could not be told."""
log = structlog.get_logger()


class Pauses:
    """Watches every pause of one node. `longest` in seconds; 0: a pause ends by order alone. `clock`: the reactor's."""

    def __init__(
        self, hearing: Hearing, mouth: Speaks, longest: float, *, clock: Any, utc: Callable[[], datetime],
        write: Callable[[Note], None], spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:  # fmt: skip
        self._hearing, self._mouth, self._longest = hearing, mouth, longest
        self._clock, self._utc, self._write, self._spawn = clock, utc, write, spawn
        self._due: dict[str, Any] = {}

    def start(self) -> None:
        """Take up the pauses that were before a restart, each with what is left of it."""
        for uniqueid, leg in self._hearing.memory.legs.items():
            if leg.unrecorded:
                self._watch(uniqueid, leg.unrecorded_at)

    def stop(self) -> None:
        """Watch nothing more."""
        for uniqueid in list(self._due):
            self._forget(uniqueid)

    def observed(self, fact: Fact) -> None:
        """What happened to a leg."""
        if isinstance(fact, RecordingPaused):
            self._watch(fact.leg, fact.at)
        elif isinstance(fact, RecordingResumed | LegEnded):
            self._forget(fact.leg)

    def _watch(self, uniqueid: str, since: datetime | None) -> None:
        if self._longest <= 0:
            return
        self._forget(uniqueid)
        passed = self._utc() - since if since is not None else timedelta()
        left = max(self._longest - max(passed.total_seconds(), 0.0), 0.0)
        self._due[uniqueid] = self._clock.callLater(left, self._over, uniqueid)

    def _over(self, uniqueid: str) -> None:
        del self._due[uniqueid]
        self._spawn(self._resume(uniqueid))

    async def _resume(self, uniqueid: str) -> None:
        leg = self._hearing.memory.legs.get(uniqueid)
        if leg is None or not leg.unrecorded:
            return
        self._write(notes.note("PauseOver", Uniqueid=uniqueid))
        try:
            await self._mouth.action(speaks_talk.record(uniqueid, on=True))
        except (ActionFailed, LinkDown, LinkLost, TimeoutError) as error:
            log.warning(
                "a recording could not be resumed; it is tried again", leg=uniqueid, reason=str(error)
            )
            if uniqueid in self._hearing.memory.legs:
                self._due[uniqueid] = self._clock.callLater(AGAIN, self._over, uniqueid)

    def _forget(self, uniqueid: str) -> None:
        due = self._due.pop(uniqueid, None)
        if due is not None and due.active():
            due.cancel()
