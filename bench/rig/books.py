"""The books side by side: our rows, what the PBX wrote down itself, and what an undisturbed twin makes of the tape."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from conf.settings import Settings
from cti.audit import audit as calls_audit
from cti.ledger import Ledger
from cti.memory import Memory
from cti.pbxlog import EventLog, since
from cti.tape import Mark, Reader
from schema.calls import (
    CallRow,
    CallStep,
    LegRow,
    QueueEntryRow,
    SeatSpellRow,
    SegmentRow,
    TransferRow,
)
from schema.store import Store
from schema.upgrade import upgrade

ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Audit:
    """Uniqueids of citizens' legs: `lost` the PBX answered and no row has, `doubled` have more than one row, `invented`
    have a row and the PBX never had them; `open` rows that say the call still lives, `cut` callers that nobody
    served, or not to the end, though the PBX lived; `unlike` rows in which a twin differs, `differing` what `gridline
    audit calls` says. `longest_wait` is how many seconds a served caller waited."""

    rows: int
    ended_lost: int
    lost: list[str]
    doubled: list[str]
    invented: list[str]
    open: list[str]
    cut: list[str]
    unlike: list[str]
    differing: list[str]
    longest_wait: float


def audit(settings: Settings, store: Store, twin: Store, talk: float = 0.0) -> Audit:
    """Compare once everything is over and written; who talked for less than `talk` seconds was cut off."""
    had, answered = known_to_pbx(settings)
    log = settings.var / "log" / "asterisk"
    with store.read() as session:
        calls = list(session.scalars(select(CallRow)))
        told = calls_audit(session, settings.pbx.node, settings.pbx.trunk_user, log, *ALWAYS)
    served = [call for call in calls if call.outcome == "answered"]
    events = log / "cel-custom" / "Master.csv"
    channels, dropped = EventLog().read(events).channels, hung_up_by_nobody(events)
    cut_off = [f"{call.leg} was hung up, and by neither end" for call in served if call.leg in dropped] + [
        f"{call.leg} talked {channel.talked:.1f} s of {talk:g}"
        for call in served
        if (channel := channels.get(call.leg)) is not None and channel.ended and channel.talked < talk
    ]
    legs = Counter(call.leg for call in calls)
    return Audit(
        rows=len(calls),
        ended_lost=sum(call.outcome == "lost" for call in calls),
        lost=sorted(answered - legs.keys()),
        doubled=sorted(leg for leg, count in legs.items() if count > 1),
        invented=sorted(legs.keys() - had),
        open=sorted(call.leg for call in calls if not call.outcome),
        cut=sorted(
            [f"{call.leg} {call.outcome}" for call in calls if call.outcome not in ("answered", "lost", "")]
            + cut_off
        ),
        unlike=sorted(unlike(store, twin)),
        differing=told.differences,
        longest_wait=max(
            ((call.answered_at - call.entered_at).total_seconds() for call in served if call.answered_at),
            default=0.0,
        ),
    )


def hung_up_by_nobody(file: Path) -> set[str]:
    """Legs that ended though no telephone hung up: the PBX, or we, took them down."""
    lines = since(file, ALWAYS[0])
    return {line.uniqueid for line in lines if line.what == "HANGUP" and not line.extra.get("hangupsource")}


def story(settings: Settings, leg: str) -> str:
    """What the PBX wrote down of a call: seconds from its first word, channel, event, and who hung up."""
    lines = since(settings.var / "log" / "asterisk" / "cel-custom" / "Master.csv", ALWAYS[0])
    linked = {line.linkedid for line in lines if line.uniqueid == leg}
    ours = [line for line in lines if line.linkedid in linked]
    return "; ".join(
        f"{(line.at - ours[0].at).total_seconds():.2f} {line.name} {line.what}"
        f"{' by ' + (line.extra.get('hangupsource') or 'nobody') if line.what == 'HANGUP' else ''}"
        for line in ours
    )


def known_to_pbx(settings: Settings) -> tuple[set[str], set[str]]:
    """The legs from the carrier that the PBX's own event log knows: all, and those that it answered."""
    file = settings.var / "log" / "asterisk" / "cel-custom" / "Master.csv"
    had, answered = set(), set()
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) > 6 and row[5].startswith(f"PJSIP/{settings.pbx.trunk_user}-"):
                had.add(row[6])
                if row[0] == "ANSWER":
                    answered.add(row[6])
    return had, answered


def replay(settings: Settings, folder: Path) -> Store:
    """An empty store, and the whole tape written into it by a ledger that nothing ever disturbed."""
    url = f"sqlite:///{folder / 'twin.sqlite'}"
    upgrade(url)
    store = Store(url, zone=settings.site.zone)
    ledger = Ledger(store, Reader(settings.tape, settings.pbx.node, Mark()), settings.pbx.node, Memory())
    while ledger.step():
        pass
    ledger.stop()
    return store


def unlike(one: Store, other: Store) -> Iterator[str]:
    """Each row that the two do not have alike."""
    for table in (CallRow, LegRow, CallStep, QueueEntryRow, SegmentRow, SeatSpellRow, TransferRow):
        left, right = _rows(one, table), _rows(other, table)
        for key in left.keys() | right.keys():
            ours, theirs = left.get(key), right.get(key)
            if ours is None or theirs is None:
                yield f"{table.__tablename__} {key}: only in {'the twin' if ours is None else 'the rows'}"
            elif ours != theirs:
                names = ", ".join(
                    f"{name} {ours[name]!r} / {theirs[name]!r}" for name in ours if ours[name] != theirs[name]
                )
                yield f"{table.__tablename__} {key}: {names}"


def _rows(store: Store, table: Any) -> dict[str, dict[str, Any]]:
    """All rows by what identifies them; a step's own number is only the order of writing."""
    columns = [c.key for c in table.__mapper__.column_attrs if not (table is CallStep and c.key == "id")]
    keys = ["key"] if table is CallStep else [c.name for c in table.__table__.primary_key]
    with store.read() as session:
        rows = [{name: getattr(row, name) for name in columns} for row in session.scalars(select(table))]
    return {"/".join(str(row[key]) for key in keys): row for row in rows}
