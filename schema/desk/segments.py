"""The segments desk: who talked to whom as rows, written as bridges fill and empty; and transfers."""

from datetime import datetime

from sqlalchemy import func, select

from schema.calls import LegRow, SegmentRow, TransferRow
from schema.facts import CallFact, CallTransferred, LegEnded, LegHeld, LegJoined, LegLeft
from schema.rules.segments import Segment, Segments, Who
from schema.store import UnitOfWork


def record(work: UnitOfWork, fact: CallFact) -> None:
    """Write one fact into the segments of its call."""
    if isinstance(fact, CallTransferred):
        _transfer(work, fact)
        return
    if not isinstance(fact, LegJoined | LegLeft | LegHeld | LegEnded):
        return
    segments = _open(work, fact)
    if isinstance(fact, LegJoined):
        changed = segments.joined(Who(fact.leg, fact.kind, fact.seat), fact.bridge, fact.at)
        _alone(work, fact)
    elif isinstance(fact, LegHeld):
        changed = segments.held(Who(fact.leg, fact.kind, fact.seat), fact.at)
    elif isinstance(fact, LegLeft):
        changed = segments.left(fact.leg, fact.bridge, fact.at)
    else:
        changed = segments.ended(fact.leg, fact.at)
    for one in changed:
        _write(work, fact, one)
    if isinstance(fact, LegLeft | LegEnded | LegHeld):
        leg = work.session.get(LegRow, (fact.node, fact.leg))
        if leg is not None:
            leg.bridge = ""


def _open(work: UnitOfWork, fact: CallFact) -> Segments:
    """Where the legs of the call are, by their rows."""
    found = Segments()
    legs = work.session.scalars(
        select(LegRow).where(LegRow.call == fact.call, LegRow.node == fact.node, LegRow.bridge != "")
    )
    for leg in legs:
        found.rooms.setdefault(leg.bridge, {})[leg.leg] = Who(leg.leg, leg.kind, leg.seat)
    rows = select(SegmentRow).where(
        SegmentRow.call == fact.call, SegmentRow.node == fact.node, SegmentRow.ended_at.is_(None)
    )
    for row in work.session.scalars(rows):
        who = Who(row.leg, row.leg_kind, row.seat)
        found.open[row.leg] = Segment(who, row.kind, row.bridge, tuple(row.others), row.started_at)
    return found


def _alone(work: UnitOfWork, fact: LegJoined) -> None:
    leg = work.session.get(LegRow, (fact.node, fact.leg))
    if leg is not None:
        leg.bridge, leg.kind = fact.bridge, fact.kind
        work.session.flush()


def _write(work: UnitOfWork, fact: CallFact, one: Segment) -> None:
    mine = (SegmentRow.node == fact.node, SegmentRow.leg == one.who.leg)
    if one.ended is not None:
        row = work.session.scalars(select(SegmentRow).where(*mine, SegmentRow.ended_at.is_(None))).first()
        if row is not None:
            row.ended_at = _not_before(row.started_at, one.ended)
        work.session.flush()
        return
    leg = work.session.get(LegRow, (fact.node, one.who.leg))
    if leg is None:
        return
    n = (work.session.scalar(select(func.max(SegmentRow.n)).where(*mine)) or 0) + 1
    work.session.add(
        SegmentRow(
            node=fact.node, leg=one.who.leg, n=n, call=fact.call, leg_kind=one.who.kind, seat=one.who.seat,
            user=leg.user, kind=one.kind, bridge=one.bridge, others=list(one.others), started_at=one.started,
        )
    )  # fmt: skip
    work.session.flush()


def _not_before(started: datetime, ended: datetime) -> datetime:
    return max(started, ended)


def _transfer(work: UnitOfWork, fact: CallTransferred) -> None:
    if work.session.get(TransferRow, (fact.call, fact.at)) is None:
        work.session.add(
            TransferRow(call=fact.call, at=fact.at, seat=fact.seat, target=fact.target, how=fact.how)
        )
