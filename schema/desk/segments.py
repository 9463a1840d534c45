"""The segments desk: who talked to whom as rows, written as bridges fill and empty."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import LegRow, SegmentRow
from schema.desk.sheets import Row, Sheet
from schema.facts import (
    CallFact,
    CallQueued,
    CallTransferred,
    LegEnded,
    LegHeld,
    LegJoined,
    LegLeft,
    WatchEnded,
    WatchStarted,
)
from schema.rules.segments import Segment, Segments, Who


class SegmentBook:
    """The segments of one node's legs. `legs` are the rows of the legs that live, which say where each is now."""

    def __init__(self, node: str, legs: Sheet) -> None:
        self.node, self._legs = node, legs
        table = table_of(SegmentRow)
        self._rows = Sheet(table, ["node", "leg", "n"], last=table.c.ended_at.is_(None))
        self._calls: dict[UUID, Segments] = {}
        self._last: dict[str, int] = {}

    def load(self, session: Session) -> None:
        """Take in what is live by the rows; the legs have been taken in before."""
        for leg in self._legs:
            if leg["bridge"]:
                rooms = self._of(leg["call"]).rooms
                rooms.setdefault(leg["bridge"], {})[leg["leg"]] = _who(leg, leg["kind"])
        table, legs = table_of(SegmentRow), table_of(LegRow)
        live = select(legs.c.leg).where(legs.c.node == self.node, legs.c.ended_at.is_(None))
        mine = (table.c.node == self.node) & table.c.leg.in_(live)
        for uniqueid, n in session.execute(
            select(table.c.leg, func.max(table.c.n)).where(mine).group_by(table.c.leg)
        ):
            self._last[uniqueid] = n
        until = func.max(func.coalesce(table.c.ended_at, table.c.started_at))
        for call, at in session.execute(select(table.c.call, until).where(mine).group_by(table.c.call)):
            self._of(call).now = at
        for row in session.execute(select(table).where(mine, table.c.ended_at.is_(None))).mappings():
            self._rows.found((row["leg"], row["n"]), dict(row))
            if (here := self._legs.see(row["leg"])) is not None:
                who = _who(here, row["leg_kind"])
                self._of(row["call"]).open[row["leg"]] = Segment(
                    who, row["kind"], row["bridge"], tuple(row["others"]), row["started_at"]
                )

    def hear(self, fact: Any) -> None:
        """Write one fact down, before the leg's row says that it is over."""
        writer = _WRITERS.get(type(fact))
        if writer is None:
            if isinstance(fact, CallTransferred | CallQueued) and fact.call in self._calls:
                for one in self._calls[fact.call].sent_on(fact.at):
                    self._put(fact.call, one)
            return
        leg = self._legs.see(fact.leg)
        if leg is not None and leg["ended_at"] is not None:
            return  # a late word about a leg that is over
        segments = self._of(fact.call)
        who = Who(fact.leg, "watcher") if leg is None else _who(leg, leg["kind"])
        for one in writer(segments, fact, who):
            self._put(fact.call, one)
        self._place(fact, segments)
        if segments.empty:
            del self._calls[fact.call]
        if isinstance(fact, LegEnded):
            self._last.pop(fact.leg, None)

    def write(self, session: Session, waits: Callable[[Row], bool]) -> None:
        """Put what changed into a transaction; those whose call is another PBX's may have to wait for its row."""
        self._rows.write(session, waits)

    def written(self, waits: Callable[[Row], bool]) -> None:
        """What `write` put there is committed."""
        self._rows.written(waits)

    def _of(self, call: UUID) -> Segments:
        return self._calls.setdefault(call, Segments())

    def _place(self, fact: Any, segments: Segments) -> None:
        """Where the leg is goes into its row, so that a restart knows it."""
        if type(fact) in _PLACES and (leg := self._legs.change(fact.leg)) is not None:
            leg["bridge"] = segments.room(fact.leg)
            if isinstance(fact, LegJoined):
                leg["kind"] = fact.kind

    def _put(self, call: UUID, one: Segment) -> None:
        uniqueid = one.who.leg
        if one.ended is None:
            leg = self._legs.see(uniqueid)
            if leg is None:
                return
            n = self._last[uniqueid] = self._last.get(uniqueid, 0) + 1
            self._rows.add(
                (uniqueid, n), node=self.node, leg=uniqueid, n=n, call=call, leg_kind=one.who.kind, seat=one.who.seat,
                user=leg["user"], kind=one.kind, bridge=one.bridge, others=list(one.others), started_at=one.started,
            )  # fmt: skip
            return
        key = (uniqueid, self._last.get(uniqueid, 0))
        row = self._rows.see(key)
        if row is None or row["ended_at"] is not None:
            return
        if one.ended == one.started and self._rows.drop(key):
            self._last[uniqueid] -= 1
            return
        self._rows.change(key)
        row["ended_at"] = one.ended
        self._rows.over(key)


def _who(leg: Row, kind: str) -> Who:
    return Who(leg["leg"], kind, leg["seat"], leg["number"])


def _joined(segments: Segments, fact: LegJoined, who: Who) -> list[Segment]:
    return segments.joined(Who(fact.leg, fact.kind, fact.seat, who.number), fact.bridge, fact.at)


def _left(segments: Segments, fact: LegLeft, _who: Who) -> list[Segment]:
    return segments.left(fact.leg, fact.bridge, fact.at)


def _held(segments: Segments, fact: LegHeld, who: Who) -> list[Segment]:
    return segments.held(Who(fact.leg, fact.kind, fact.seat, who.number), fact.at)


def _watches(segments: Segments, fact: WatchStarted, who: Who) -> list[Segment]:
    return segments.watches(who, fact.mode, fact.seat, fact.at)


def _watched(segments: Segments, fact: WatchEnded, _who: Who) -> list[Segment]:
    return segments.watched(fact.leg, fact.at)


def _ended(segments: Segments, fact: LegEnded, _who: Who) -> list[Segment]:
    return segments.ended(fact.leg, fact.at)


_PLACES: set[type[CallFact]] = {LegJoined, LegLeft, LegHeld}
_WRITERS: dict[type[CallFact], Callable[[Segments, Any, Who], list[Segment]]] = {
    LegJoined: _joined,
    LegLeft: _left,
    LegHeld: _held,
    WatchStarted: _watches,
    WatchEnded: _watched,
    LegEnded: _ended,
}
