"""Wrap-ups end by themselves when their time is over, extended or not, also after a restart in the middle of one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cti import notes
from cti.floor import Floor
from cti.notes import Note
from schema.facts import Fact, WrapUpExtended, WrapUpStarted


class WrapUps:
    """`clock` is the reactor's (IReactorTime), `utc` the time of day; `write` puts a note on the tape."""

    def __init__(
        self, floor: Floor, *, clock: Any, utc: Callable[[], datetime], write: Callable[[Note], None]
    ) -> None:
        self._floor, self._clock, self._utc, self._write = floor, clock, utc, write
        self._due: dict[str, Any] = {}

    def heard(self, fact: Fact) -> None:
        """Take note of a fact, after the floor."""
        if isinstance(fact, WrapUpStarted | WrapUpExtended):
            self.watch(fact.seat)

    def watch(self, name: str) -> None:
        """Let the seat's wrap-up end in time."""
        self._cancel(name)
        seat = self._floor.seats.get(name)
        if seat is None or seat.busy != "wrapup":
            return
        until = seat.wrap_until or seat.since + timedelta(seconds=self._floor.wrap_up.total_seconds())
        left = (until - self._utc()).total_seconds()
        if left <= 0:
            self._write(notes.wrapped_up(name, "timer"))
        else:
            self._due[name] = self._clock.callLater(left, self._over, name, seat.since)

    def stop(self) -> None:
        """Wait for nothing more."""
        for name in list(self._due):
            self._cancel(name)

    def _over(self, name: str, began: datetime) -> None:
        self._due.pop(name, None)
        seat = self._floor.seats.get(name)
        if seat is not None and seat.busy == "wrapup" and seat.since == began:
            self._write(notes.wrapped_up(name, "timer"))

    def _cancel(self, name: str) -> None:
        due = self._due.pop(name, None)
        if due is not None and due.active():
            due.cancel()
