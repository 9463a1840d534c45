"""Hops: the time line of one contact, watched while it grows, printed, checked and written down."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from schema.calls import CallRow
from schema.cases import CaseStep
from schema.desk.timeline import Hop, timeline
from schema.handsets import InboxRow, Media, Report
from schema.ids import ContactId
from schema.store import Store

EVERY_HOP = (
    "call.entered", "ivr.notice", "ivr.language", "queue.entered", "seat.ringing", "seat.answered",
    "recording.started", "case.collected", "case.accepted", "case.filed", "case.dispatched", "task.sent",
    "task.shown", "call.ended", "recording.kept", "report.made", "report.received", "media.received",
    "case.handled", "case.checked", "case.closed", "visit.called", "visit.answered", "case.rated", "visit.ended",
)  # fmt: skip


class HopMissing(Exception):
    """A hop that should have happened did not; the text says which."""


class Hops:
    """The hops of one contact as they are committed. `say` gets each new one as a line."""

    def __init__(self, store: Store, say: Callable[[str], None]) -> None:
        self._store = store
        self._say = say
        self._said: set[tuple[str, str]] = set()
        self.contact: ContactId | None = None
        self.hops: list[Hop] = []

    def find_contact(self, number: str, known: set[UUID], seconds: float = 10) -> ContactId:
        """Wait for a new call from `number`, one not in `known`, and follow its contact."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self._store.read() as session:
                calls = select(CallRow).where(CallRow.number == number).order_by(CallRow.entered_at.desc())
                for call in session.scalars(calls):
                    if call.contact not in known:
                        self.contact = ContactId(call.contact)
                        return self.contact
            time.sleep(0.05)
        raise HopMissing(f"call.entered: no call from {number} was recorded within {seconds:.0f} s")

    def contacts_of(self, number: str) -> set[UUID]:
        """The contacts that this number has had so far."""
        with self._store.read() as session:
            return set(session.scalars(select(CallRow.contact).where(CallRow.number == number)))

    def look(self) -> list[Hop]:
        """Read the time line and say what is new on it."""
        if self.contact is None:
            return []
        with self._store.read() as session:
            self.hops = timeline(session, self.contact)
        for hop in self.hops:
            mark = (hop.hop, hop.at.isoformat())
            if mark not in self._said:
                self._said.add(mark)
                self._say(f"  {hop.at:%H:%M:%S}.{hop.at.microsecond // 1000:03d}  {hop.hop:<18} {hop.text}")
        return self.hops

    def until(self, name: str, seconds: float = 60, count: int = 1) -> Hop:
        """Wait until `name` has happened `count` times. Raises HopMissing."""
        end = time.monotonic() + seconds
        while True:
            found = [hop for hop in self.look() if hop.hop == name]
            if len(found) >= count:
                return found[count - 1]
            if time.monotonic() > end:
                raise HopMissing(f"{name} did not happen within {seconds:.0f} s")
            time.sleep(0.05)

    def missing(self) -> list[str]:
        """What is wrong with the whole way, in words: absent hops, hops of another contact, time running backwards."""
        names = [hop.hop for hop in self.hops]
        wrong = [f"{name} did not happen" for name in EVERY_HOP if name not in names]
        wrong += [
            f"{hop.hop} carries contact {hop.contact}" for hop in self.hops if hop.contact != self.contact
        ]
        turning_points = (
            "call.entered",
            "queue.entered",
            "seat.answered",
            "case.filed",
            "report.received",
            "case.closed",
            "case.rated",
        )
        order = [names.index(name) for name in turning_points if name in names]
        if order != sorted(order):
            wrong.append("the hops are out of order")
        return wrong

    def write(self, file: Path) -> None:
        """Leave the time line as JSON: a list of {at, hop, contact_id, ms, who, text, detail}."""
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"at": hop.at.isoformat(), "hop": hop.hop, "contact_id": str(hop.contact), "ms": hop.ms,
             "who": hop.who, "text": hop.text, "detail": hop.detail}
            for hop in self.hops
        ]  # fmt: skip
        file.write_text(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")

    def rows(self) -> tuple[int, ...]:
        """How many messages, reports, media and case steps the store holds: what sending twice must not change."""
        with self._store.read() as session:
            tables = (InboxRow, Report, Media, CaseStep)
            return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
