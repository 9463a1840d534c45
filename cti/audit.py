"""The audit of calls: our rows beside what the PBX wrote down itself, and a line for whatever differs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cti.pbxlog import Channel, EventLog
from schema.calls import CallRow, LegRow, SegmentRow
from schema.desk import orders
from schema.orders import CallGroup
from schema.rules.segments import TALK

WITHIN = 1.0
"""Seconds by which a talk time may differ."""
SETTLED = timedelta(seconds=10)


@dataclass(slots=True)
class Leg:
    """A leg as our rows have it, with its call's outcome ("lost" with a PBX that died); `inferred` in part."""

    uniqueid: str
    kind: str
    call: str
    started: datetime
    ended: datetime | None
    outcome: str = ""
    inferred: bool = False
    talked: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was compared, and every difference in words."""

    channels: int
    legs: int
    differences: list[str]


def audit(session: Session, node: str, trunk: str, log: Path, since: datetime, until: datetime) -> Found:
    """Compare the rows of a node with the event log of its PBX, below the folder `log`. Raises OSError: no log."""
    events = EventLog().read(log / "cel-custom" / "Master.csv")
    ours = re.compile(rf"PJSIP/({re.escape(trunk)}|seat[0-9]{{2,8}})-")
    channels = {u: channel for u, channel in events.channels.items() if ours.match(channel.name)}
    of_groups = {
        str(order.leg(number)) for order in orders.given(session, CallGroup) for number in order.numbers
    }
    channels = {u: channel for u, channel in channels.items() if u not in of_groups}
    legs = read_legs(session, node)
    if events.begins is not None:
        since = max(since, events.begins)  # the logs may have been cut since
    window = [channel for channel in channels.values() if since <= channel.started <= until]
    told = [leg for leg in legs.values() if since <= leg.started <= until]
    differences = [
        *_missing(window, legs), *_extra(told, events.channels), *_differing(window, legs),
        *_doubled(session, node, since, until), *_outcomes(window, legs),
    ]  # fmt: skip
    return Found(len(window), len(told), sorted(differences))


def read_legs(session: Session, node: str) -> dict[str, Leg]:
    """Every leg of a node, with how long it talked."""
    query = select(LegRow, CallRow.outcome, CallRow.inferred).join(CallRow, CallRow.id == LegRow.call)
    legs = {
        leg.leg: Leg(leg.leg, leg.kind, str(leg.call), leg.started_at, leg.ended_at, outcome, inferred)
        for leg, outcome, inferred in session.execute(query.where(LegRow.node == node))
    }
    talked = select(SegmentRow.leg, SegmentRow.started_at, SegmentRow.ended_at)
    for uniqueid, began, ended in session.execute(
        talked.where(
            SegmentRow.node == node, SegmentRow.kind.in_((*TALK, "barge")), SegmentRow.ended_at.is_not(None)
        )
    ):
        if uniqueid in legs and ended is not None:
            legs[uniqueid].talked += (ended - began).total_seconds()
    return legs


def _missing(channels: Iterable[Channel], legs: Mapping[str, Leg]) -> Iterator[str]:
    for channel in channels:
        if channel.answered is not None and channel.uniqueid not in legs:
            yield f"missing   {_channel(channel)}: answered {_at(channel.answered)} at the PBX, not in the rows"


def _extra(legs: Iterable[Leg], channels: Mapping[str, Channel]) -> Iterator[str]:
    for leg in legs:
        if leg.uniqueid not in channels:
            yield f"extra     {_leg(leg)}: began {_at(leg.started)} by the rows, the PBX had no such channel"


def _differing(channels: Iterable[Channel], legs: Mapping[str, Leg]) -> Iterator[str]:
    newest = max((channel.ended for channel in channels if channel.ended), default=None)
    for channel in channels:
        leg = legs.get(channel.uniqueid)
        if leg is None or channel.ended is None or newest is None:
            continue
        if leg.ended is None:
            if channel.ended < newest - SETTLED:
                yield f"differs   {_leg(leg)}: ended {_at(channel.ended)} at the PBX, still up by the rows"
            continue
        for what, there, here in (
            ("began", channel.started, leg.started),
            ("ended", channel.ended, leg.ended),
        ):
            if abs((here - there).total_seconds()) > WITHIN:
                yield f"differs   {_leg(leg)}: {what} {_at(there)} at the PBX, {_at(here)} by the rows"
        if leg.outcome != "lost" and abs(leg.talked - channel.talked) > WITHIN:
            how = " (inferred from a snapshot)" if leg.inferred else ""
            yield (
                f"differs   {_leg(leg)}: talked {channel.talked:.1f} s at the PBX, {leg.talked:.1f} s by the rows{how}"
            )


def _outcomes(channels: Iterable[Channel], legs: Mapping[str, Leg]) -> Iterator[str]:
    """Whether a caller was served must be what the PBX saw: somebody was in a bridge with them, or nobody was."""
    for channel in channels:
        leg = legs.get(channel.uniqueid)
        if leg is None or channel.ended is None or leg.kind != "citizen":
            continue
        if channel.talked > WITHIN and leg.outcome in ("abandoned", "failed"):
            yield f"differs   {_leg(leg)}: talked {channel.talked:.1f} s at the PBX, {leg.outcome} by the rows"
        elif channel.talked == 0 and leg.outcome == "answered" and leg.talked > WITHIN:
            yield f"differs   {_leg(leg)}: talked with nobody at the PBX, answered by the rows"


def _doubled(session: Session, node: str, since: datetime, until: datetime) -> Iterator[str]:
    """A caller's leg has one call."""
    calls = select(CallRow.leg, func.count()).where(
        CallRow.node == node, CallRow.leg != "", CallRow.entered_at >= since, CallRow.entered_at <= until
    )
    for leg, count in session.execute(calls.group_by(CallRow.leg).having(func.count() > 1)):
        yield f"doubled   {leg}: {count} calls by the rows"


def _channel(channel: Channel) -> str:
    return f"{channel.uniqueid} {channel.name}"


def _leg(leg: Leg) -> str:
    return f"{leg.uniqueid} ({leg.kind}, call {leg.call})"


def _at(at: datetime) -> str:
    return at.strftime("%F %T UTC")
